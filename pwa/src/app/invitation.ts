/* The token of an invitation stands in the address for one moment only: whoever looks over a shoulder, or at the history,
   finds nothing. Read before the router looks at the address. */
import { shallowRef } from 'vue'

export const invitation = shallowRef<string | null>(null)

if (location.pathname === '/join' && location.hash[1]) {
  invitation.value = location.hash.slice(1)
  history.replaceState(null, '', '/join')
}
