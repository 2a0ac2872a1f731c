/* Putting the app on the home screen: where the browser offers it itself, and in words where it does not. */
import { shallowRef } from 'vue'

interface InstallEvent extends Event {
  prompt(): Promise<void>
}

/** The browser's own offer, once it has made one. */
export const offer = shallowRef<InstallEvent | null>(null)

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  offer.value = event as InstallEvent
})
addEventListener('appinstalled', () => (offer.value = null))

export async function install(): Promise<void> {
  await offer.value?.prompt()
  offer.value = null
}
