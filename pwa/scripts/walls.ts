/* The PWA's walls: app > features > shared; features are strangers to each other; the service worker sees only
   what needs no page; and the size of files as a smell that must be excused by splitting. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'

const src = resolve(import.meta.dirname, '../src')
const complaints: string[] = []

/** The room a file lives in: `app`, `features/tasks`, `shared/ui`, `sw`. */
function room(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'features' || top === 'shared' ? `${top}/${second}` : top
}

const SHARED: Record<string, string[]> = {
  'shared/lib': [],
  'shared/offline': ['shared/lib'],
  'shared/graphql': ['shared/lib', 'shared/offline'],
  'shared/ui': ['shared/lib', 'shared/offline', 'shared/graphql'],
}

function allowed(from: string, to: string): boolean {
  if (from === to) return true
  if (from === 'app') return to !== 'sw'
  if (from === 'sw') return to === 'shared/offline' || to === 'shared/lib'
  if (from.startsWith('features/')) return to.startsWith('shared/')
  return SHARED[from]?.includes(to) ?? false
}

const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)['"]([^'"]+)['"]/g
for (const file of globSync('**/*.{ts,vue}', { cwd: src })) {
  const text = readFileSync(resolve(src, file), 'utf8')
  for (const [, target = ''] of text.matchAll(IMPORT)) {
    const path = target.startsWith('@/')
      ? target.slice(2)
      : target.startsWith('.')
        ? relative(src, resolve(src, dirname(file), target))
        : ''
    if (!path || path.startsWith('..')) continue
    if (!allowed(room(file), room(path))) complaints.push(`${file}: must not import ${target}`)
  }
  const lines = text.split('\n').length
  const budget = file.endsWith('.vue') ? 170 : 250
  if (lines > budget && !file.endsWith('.d.ts')) complaints.push(`${file}: ${lines} lines, more than ${budget}`)
}
if (complaints.length) {
  console.error(complaints.join('\n'))
  process.exit(1)
}
console.log('walls: fine')
