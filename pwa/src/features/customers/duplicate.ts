/* Is the number on file already, as far as she may see? Asked while typing, after a pause; silence without a
   connection. That nobody is found says nothing: another store may know the number, and the server says so on saving. */
import { onScopeDispose, type Ref, ref, watch } from 'vue'
import { ask } from '@/shared/graphql/client.ts'
import { looksLikePhone, maskPhone, plainPhone } from '@/shared/lib/phone.ts'
import { type Existing, PhoneOwner } from './edit.operations.ts'

export interface Duplicate {
  found: Ref<(Pick<Existing, 'name' | 'phone' | 'store'> & { id: string }) | null>
}

export function useDuplicate(phone: () => string, active: () => boolean): Duplicate {
  const found = ref<Duplicate['found']['value']>(null)
  let pause: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  async function look(text: string): Promise<void> {
    const mine = ++turn
    try {
      const { customers } = await ask(PhoneOwner, { phone: plainPhone(text) })
      if (mine !== turn) return
      // A search finds member numbers too; only who has this very number counts.
      const node = customers.edges.map((edge) => edge.node).find((one) => one.phone === maskPhone(text))
      found.value = node
        ? { id: node.id, name: node.name ?? node.alias ?? '', phone: node.phone ?? '', store: node.store }
        : null
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
      if (active() && looksLikePhone(text)) pause = setTimeout(() => void look(text), 400)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(pause)
    turn++
  })
  return { found }
}
