/* The budget of a guide's routes: what a phone loads when one of them is the first it opens (JS and CSS, the larger
   language, gzip) is at most 70 KB. Measured on a build of the sources as they are, which is not written anywhere. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const BUDGET = 70
const root = resolve(import.meta.dirname, '..')
/** Every page, and the parts that stand on it at once though they are files of their own. */
const ROUTES: Record<string, string[]> = {
  '/sign-in': ['SignInPage'],
  '/join': ['JoinPage'],
  '/today': ['TodayPage'],
  '/tasks/:id': ['TaskPage'],
  '/customers': ['CustomersPage', 'CustomerList'],
  '/clean': ['CleanPage'],
  '/customers/:id': ['CustomersPage', 'CustomerPage'],
  '/customers/new': ['CustomerFormPage'],
  '/paper': ['PaperPage'],
  '/inbox': ['InboxPage'],
  '/me': ['MePage'],
  '/me/password': ['PasswordPage'],
  '/outbox': ['OutboxPage'],
  '/lost': ['LostPage'],
}
/** The further words of some of them. */
const WORDS: Record<string, string[]> = {
  '/sign-in': ['sign-in'],
  '/join': ['sign-in'],
  '/today': ['today'],
  '/tasks/:id': ['today'],
  '/customers/new': ['form'],
  '/paper': ['form', 'visits'],
  '/me': ['me'],
  '/me/password': ['me', 'sign-in'],
  '/outbox': ['me', 'visits'],
}
/** Fetched only when something is touched, or was refused. */
const LATER = [
  'BirthdayParts',
  'CleanDay',
  'CustomField',
  'QualityLine',
  'VisitBar',
  'below',
  'keep',
  'keeping',
  'touched',
]
/** Head office's and managers': no guide's phone opens them. */
const OFFICE = [
  'ExportButton',
  'ImportsPage',
  'managers',
  'BoardPage',
  'PeoplePage',
  'PersonPage',
  'InvitePage',
  'RfmPage',
  'StagesPage',
  'TagsPage',
  'StoresPage',
  'DuplicatesPage',
  'MergePage',
  'OffersPage',
  'AuditPage',
  'ConsentTextsPage',
  'PrivacyPage',
  'QualityPage',
  'SegmentEditPage',
  'SegmentPage',
  'SegmentsPage',
  'PredictionsPage',
  'CardTemplatePage',
]

interface File {
  fileName: string
  source?: string | Uint8Array
  code?: string
  imports?: string[]
  facadeModuleId?: string | null
  viteMetadata?: { importedCss: Set<string> }
}

const built = await build({ root, logLevel: 'error', build: { write: false } })
const { output } = built as unknown as { output: File[] }
const files = new Map(output.map((file) => [file.fileName, file]))
const named = new Map(output.map((file) => [nameOf(file.facadeModuleId ?? ''), file]))

/** `TodayPage` of a page's file, `zh` and `zh/me` of words'. */
function nameOf(id: string): string {
  return id.replace(/^.*\/messages\/|^.*\/(?=[^/]+$)/, '').replace(/\.\w+$/, '')
}

function size(content: string | Uint8Array): number {
  return gzipSync(content, { level: 9 }).length / 1024
}

function closure(file: File, into = new Set<File>()): Set<File> {
  if (into.has(file)) return into
  into.add(file)
  for (const name of [...(file.imports ?? []), ...(file.viteMetadata?.importedCss ?? [])]) {
    const other = files.get(name)
    if (other) closure(other, into)
  }
  return into
}

function find(name: string): File {
  const file = named.get(name)
  if (!file) throw new Error(`no file of its own is built of ${name}: mend the tables in scripts/size.ts`)
  return file
}

const html = String(files.get('index.html')!.source)
const entries = [...html.matchAll(/"\/(assets\/[^"]+)"/g)].map(([, name]) => files.get(name!)!)
const early = size(readFileSync(resolve(root, 'public/early.js')))

/** What a route says, in the larger language. */
function language(path: string): number {
  const further = WORDS[path] ?? []
  const files = ['zh', 'en'].map((name) => [name, ...further.map((family) => `${name}/${family}`)])
  return Math.max(...files.map((names) => names.reduce((sum, name) => sum + size(find(name).code!), 0)))
}

let worst = 0
for (const [path, names] of Object.entries(ROUTES)) {
  const loaded = new Set([...entries, ...names.map(find)].flatMap((file) => [...closure(file)]))
  const total = [...loaded].reduce((sum, file) => sum + size(file.code ?? file.source ?? ''), early + language(path))
  worst = Math.max(worst, total)
  console.log(`${total.toFixed(1).padStart(6)} KB gzip  ${path}`)
}

const known = new Set([...Object.values(ROUTES).flat(), ...LATER, ...OFFICE])
for (const name of [
  '',
  '/managers',
  '/sheets',
  '/template',
  ...Object.values(WORDS).flatMap((words) => words.map((one) => `/${one}`)),
])
  for (const locale of ['zh', 'en']) known.add(locale + name)
const unknown = output
  .filter((file) => /\.(vue|ts)$/.test(file.facadeModuleId ?? ''))
  .map((file) => file.facadeModuleId!)
const forgotten = unknown.filter((id) => !known.has(nameOf(id)))
if (forgotten.length) throw new Error(`in no table of scripts/size.ts: ${forgotten.join(', ')}`)
if (worst > BUDGET) {
  console.error(`${worst.toFixed(1)} KB is more than the budget of ${BUDGET} KB`)
  process.exit(1)
}
