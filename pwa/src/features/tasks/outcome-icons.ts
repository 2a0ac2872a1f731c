/* How each outcome is drawn, in the manner of shared/ui/icons.ts: apart from it, as only the outcome sheet shows them. */
import { icons } from '@/shared/ui/icons.ts'
import type { Outcome } from './operations.ts'

export const OUTCOME_ICONS: Record<Outcome, string> = {
  REACHED: `${icons.call}<path d="M14.3 4.6a6.4 6.4 0 0 1 5.1 5.1M14.2 8a3 3 0 0 1 1.8 1.8"/>`,
  VISIT_BOOKED:
    '<path d="M4.6 10.4v8a1.8 1.8 0 0 0 1.8 1.8h11.2a1.8 1.8 0 0 0 1.8-1.8v-8"/><path d="M3.6 8.4L5.2 4h13.6l1.6 4.4a2.8 2.8 0 0 1-5.6.4 2.8 2.8 0 0 1-5.6 0 2.8 2.8 0 0 1-5.6-.4zM9.6 20v-4.6h4.8V20"/>',
  NO_ANSWER:
    '<path d="M4 15.4c4.9-4.4 11.1-4.4 16 0l-1.9 2.4-3.4-1.4-.3-2.2a10 10 0 0 0-4.8 0l-.3 2.2-3.4 1.4z"/><path d="M8 5.2l4 4 4-4M8 8.4V5.2h3.2"/>',
  LATER: '<circle cx="12" cy="12.8" r="7.4"/><path d="M9.6 10.2h4.8l-4.8 5.2h4.8M4 6.2l2.8-2.4M20 6.2l-2.8-2.4"/>',
  REFUSED: '<circle cx="12" cy="12" r="8.2"/><path d="M6.4 6.4l11.2 11.2"/>',
  WRONG_PERSON:
    '<circle cx="10" cy="8.2" r="3.8"/><path d="M3 19.8c.5-3.9 3.3-6 7-6 1 0 1.9.2 2.7.4M15.4 15.4l5 5M20.4 15.4l-5 5"/>',
}
