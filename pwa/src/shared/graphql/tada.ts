/* gql.tada as types only: a document is its text with its fragments behind it, so no parser is shipped. */
import type { initGraphQLTada } from 'gql.tada'
import type { introspection } from './schema.d.ts'

type Api = ReturnType<
  typeof initGraphQLTada<{
    introspection: introspection
    disableMasking: true
    scalars: { DateTime: string; Date: string; UUID: string; ID: string }
  }>
>

/** What a document is at run time: `name` of the operation or fragment, `text` with every fragment once. */
export interface DocumentText {
  name: string
  own: string
  text: string
  fragments: readonly DocumentText[]
}

function collect(fragments: readonly DocumentText[], into = new Map<string, string>()): Map<string, string> {
  for (const fragment of fragments) {
    into.set(fragment.name, fragment.own)
    collect(fragment.fragments, into)
  }
  return into
}

function document(source: string, fragments: readonly DocumentText[] = []): DocumentText {
  const own = source.trim().replace(/\s+/g, ' ')
  const name = /(?:query|mutation|fragment)\s+(\w+)/.exec(own)?.[1] ?? ''
  return { name, own, text: [own, ...collect(fragments).values()].join('\n'), fragments }
}

export const graphql = document as unknown as Api
export type { FragmentOf, ResultOf, TadaDocumentNode, VariablesOf } from 'gql.tada'
