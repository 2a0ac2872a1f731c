/* Writes dist/operations.json: operation name -> document text, so that the backend's tests run exactly what
   the pages send. */
import { globSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { runnerImport } from 'vite'

const root = resolve(import.meta.dirname, '..')
const operations: Record<string, string> = {}
for (const file of globSync('src/**/*operations.ts', { cwd: root }).sort()) {
  const { module } = await runnerImport<Record<string, unknown>>(resolve(root, file), {
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: { '@': resolve(root, 'src') } },
  })
  for (const value of Object.values(module)) {
    const document = value as { name?: string; text?: string } | null
    if (document?.name && /^(query|mutation)\b/.test(document.text ?? '')) operations[document.name] = document.text!
  }
}
const sorted = Object.fromEntries(Object.entries(operations).sort(([a], [b]) => a.localeCompare(b)))
writeFileSync(resolve(root, 'dist/operations.json'), JSON.stringify(sorted, null, 2) + '\n')
console.log(`operations.json: ${Object.keys(sorted).length} operations`)
