/** An iPhone or iPad (which calls itself a Mac that is touched): no offer to install, reminders only once installed. */
export function isApple(): boolean {
  const { userAgent, maxTouchPoints = 0 } = navigator
  return /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)
}

/** Opened from the home screen. */
export const isInstalled = (): boolean => matchMedia('(display-mode: standalone)').matches
