/* How many reminders she has not read: on the tab, and on the app's icon where the device shows one. */
import { computed, shallowRef, watch } from 'vue'
import { me } from '@/shared/graphql/session.ts'

/** What the inbox itself saw last; younger than what `me` says. */
export const seen = shallowRef<number | null>(null)
watch(me, () => (seen.value = null))

export const unread = computed(() => seen.value ?? me.value?.unread ?? 0)

watch(
  unread,
  (n) => {
    const badge = navigator as Navigator & {
      setAppBadge?: (n: number) => Promise<void>
      clearAppBadge?: () => Promise<void>
    }
    void (n > 0 ? badge.setAppBadge?.(n) : badge.clearAppBadge?.())?.catch(() => undefined)
  },
  { immediate: true },
)
