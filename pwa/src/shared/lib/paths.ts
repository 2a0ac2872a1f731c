/** `text` as a path of this app (`origin`'s), or null where it leads anywhere else: only such a one is ever followed. */
export function ownPath(text: unknown, origin: string = location.origin): string | null {
  if (typeof text !== 'string' || !text) return null
  try {
    const url = new URL(text, origin)
    return url.origin === origin ? url.pathname + url.search : null
  } catch {
    return null
  }
}
