/* The budget of a guide's routes: what a page loads when opened first (JS and CSS, one language) is at most 70 KB gzip. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

interface Chunk {
  file: string
  isEntry?: boolean
  imports?: string[]
  css?: string[]
}

const BUDGET = 70
const dist = resolve(import.meta.dirname, '../dist')
const manifest = JSON.parse(readFileSync(resolve(dist, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>
const sizes = new Map<string, number>()

function size(file: string): number {
  const known = sizes.get(file) ?? gzipSync(readFileSync(resolve(dist, file)), { level: 9 }).length / 1024
  sizes.set(file, known)
  return known
}

function closure(name: string, into = new Set<string>()): Set<string> {
  const chunk = manifest[name]!
  if (into.has(chunk.file)) return into
  into.add(chunk.file)
  for (const css of chunk.css ?? []) into.add(css)
  for (const other of chunk.imports ?? []) closure(other, into)
  return into
}

const language = Math.max(...['zh', 'en'].map((name) => size(manifest[`src/shared/lib/messages/${name}.ts`]!.file)))
const entry = Object.keys(manifest).find((name) => manifest[name]!.isEntry)!
const pages = Object.keys(manifest).filter((name) => /pages\/\w+\.vue$/.test(name))
const always = size('theme.js') + language
let worst = 0
for (const page of [entry, ...pages]) {
  // The customer page stands inside the list's.
  const within = page.endsWith('/CustomerPage.vue') ? ['src/app/pages/CustomersPage.vue'] : []
  const files = new Set([entry, page, ...within].flatMap((name) => [...closure(name)]))
  const total = [...files].reduce((sum, file) => sum + size(file), always)
  worst = Math.max(worst, total)
  console.log(
    `${total.toFixed(1).padStart(6)} KB gzip  ${page === entry ? 'today' : page.replace(/.*\/(\w+)\.vue/, '$1')}`,
  )
}
if (worst > BUDGET) {
  console.error(`${worst.toFixed(1)} KB is more than the budget of ${BUDGET} KB`)
  process.exit(1)
}
