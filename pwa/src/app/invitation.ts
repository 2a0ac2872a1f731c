/* The token of an invitation stands in the address for one moment only: whoever looks over a shoulder, or at the history,
   finds nothing. Read before the router looks at the address. */
import { ref } from 'vue'

export const invitation = ref<string | null>(null)

export function takeInvitation(): void {
  if (location.pathname !== '/join' || location.hash.length < 2) return
  invitation.value = location.hash.slice(1)
  history.replaceState(history.state, '', location.pathname)
}

takeInvitation()
addEventListener('hashchange', takeInvitation)
