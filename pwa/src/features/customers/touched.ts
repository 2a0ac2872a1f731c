/* What passed with her, as far as it is still on this device: laid over her timeline. */
import { me } from '@/shared/graphql/session.ts'
import { tEnum } from '@/shared/lib/i18n.ts'
import { localId } from '@/shared/lib/ids.ts'
import type { Entry } from '@/shared/offline/db.ts'
import type { Timeline } from './operations.ts'

type Edges = Timeline['edges']

/** The timeline with one write over it: put down, said anew, or taken back. */
function laid(edges: Edges, { op, input, createdAt }: Entry): Edges {
  const id = localId(String(input.id ?? ''))
  const others = edges.filter(({ node }) => localId(node.id) !== id)
  if (op === 'UndoInteraction' || op === 'UndoVisit') return others
  if (op !== 'AddInteraction' && op !== 'RecordVisit') return edges
  const there = edges.find(({ node }) => localId(node.id) === id)?.node
  const node = there ?? {
    id,
    kind: input.kind as Edges[number]['node']['kind'],
    at: new Date(createdAt).toISOString(),
    actor: me.value?.staff.name ?? null,
    title: tEnum('touch', String(input.kind)),
    detail: null,
  }
  return [{ node: { ...node, detail: (input.text as string | null) || node.detail } }, ...others]
}

/** `over`: the writes that lie over what the server said. */
export function touched(timeline: Timeline, id: string, over: readonly Entry[]): Timeline {
  const hers = over.filter((entry) => entry.entity === `Customer:${localId(id)}` && entry.state !== 'rejected')
  return { ...timeline, edges: hers.reduce(laid, timeline.edges) }
}
