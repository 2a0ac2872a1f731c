/* One short sentence at a time at the thumb, with at most one thing to do about it. */
import { shallowRef } from 'vue'

export interface Toast {
  text: string
  /** The button's word. */
  action?: string
  run?: () => void
  /** 5 s ring around the action, 10 s where a screen reader may be reading. */
  seconds: number
  /** It says what was not done, and wears no tick. */
  wrong?: boolean
}

export const toast = shallowRef<Toast | null>(null)

export function say(text: string, action?: { label: string; run: () => void }): void {
  toast.value = { text, seconds: 5, ...(action ? { action: action.label, run: action.run } : {}) }
}

export function warn(text: string): void {
  toast.value = { text, seconds: 5, wrong: true }
}

export function dismiss(): void {
  toast.value = null
}
