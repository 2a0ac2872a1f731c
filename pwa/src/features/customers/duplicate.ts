/* Is the number on file already? Asked while typing, after a pause; silence without a connection. */
import { onScopeDispose, type Ref, ref, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { looksLikePhone, plainPhone } from '@/shared/lib/phone.ts'
import { type Existing, PhoneOwner } from './edit.operations.ts'

export interface Duplicate {
  found: Ref<(Pick<Existing, 'name' | 'phone' | 'store'> & { id: string }) | null>
  /** The server was asked about this number and knows nobody. */
  free: Ref<boolean>
}

export function useDuplicate(phone: () => string, active: () => boolean): Duplicate {
  const found = ref<Duplicate['found']['value']>(null)
  const free = ref(false)
  let pause: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  async function look(text: string): Promise<void> {
    const mine = ++turn
    try {
      const { customers } = await ask(PhoneOwner, { phone: plainPhone(text) })
      if (mine !== turn) return
      const node = customers.edges[0]?.node
      found.value = node
        ? { id: node.id, name: node.name ?? node.alias ?? '', phone: node.phone ?? '', store: node.store }
        : null
      free.value = !node
    } catch {
      // Offline: the server decides when the write arrives.
    }
  }

  watch(
    phone,
    (text) => {
      clearTimeout(pause)
      turn++
      found.value = null
      free.value = false
      if (active() && looksLikePhone(text)) pause = setTimeout(() => void look(text), 400)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(pause)
    turn++
  })
  return { found, free }
}
