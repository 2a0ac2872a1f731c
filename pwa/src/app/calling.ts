/* Calling a customer from any page: the number is shown by the server, for this one call, and logged there. */
import { ref, type Ref } from 'vue'
import { revealPhone } from '@/features/customers/reveal.ts'
import { warn } from '@/shared/ui/toast.ts'

export interface Calling {
  /** Id of the customer whose number is being asked for. */
  busy: Ref<string | null>
  /** For her card: what for is known. */
  call: (customerId: string) => Promise<void>
}

export function useCalling(): Calling {
  const busy = ref<string | null>(null)

  async function call(customerId: string): Promise<void> {
    if (busy.value) return
    busy.value = customerId
    const answer = await revealPhone(customerId, 'CARD')
    busy.value = null
    if (answer.trouble === null) location.href = `tel:${answer.phone}`
    else warn(answer.trouble)
  }

  return { busy, call }
}
