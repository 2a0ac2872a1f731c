/* When the form says what is wrong: softly after a pause in typing, in red only once the field was left. */
import { onScopeDispose, ref } from 'vue'
import type { Troubles } from './form.ts'

const PAUSE = 400

export interface Said {
  text: string | null
  tone: 'err' | 'warn' | null
}

export interface Checking {
  typed: (field: string) => void
  leave: (field: string) => void
  leaveAll: () => void
  /** What stands under the field: what is wrong with it, else `help`. */
  said: (field: string, help?: string | null) => Said
}

export function useChecking(troubles: () => Troubles): Checking {
  const left = ref(new Set<string>())
  const all = ref(false)
  const paused = ref<string | null>(null)
  let pause: ReturnType<typeof setTimeout> | undefined

  function typed(field: string): void {
    clearTimeout(pause)
    if (paused.value === field) paused.value = null
    pause = setTimeout(() => (paused.value = field), PAUSE)
  }
  onScopeDispose(() => clearTimeout(pause))

  return {
    typed,
    leave: (field) => (left.value = new Set([...left.value, field])),
    leaveAll: () => (all.value = true),
    said(field, help = null) {
      const trouble = troubles()[field]
      if (trouble && (all.value || left.value.has(field))) return { text: trouble, tone: 'err' }
      return trouble && paused.value === field ? { text: trouble, tone: 'warn' } : { text: help, tone: null }
    },
  }
}
