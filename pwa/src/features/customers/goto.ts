/* Where somebody wanted to go on in a form: a field that is empty. */
import { nextTick } from 'vue'

export async function goTo(key: string): Promise<void> {
  await nextTick()
  const field = document.querySelector<HTMLElement>(`[data-field="${CSS.escape(key)}"]`)
  field?.scrollIntoView({ block: 'center' })
  field?.querySelector<HTMLElement>('input, select, textarea')?.focus({ preventScroll: true })
}
