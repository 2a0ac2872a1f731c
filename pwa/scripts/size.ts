/* The budget of a guide's routes: everything her pages may load (JS and CSS) is at most 70 KB gzip. */
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const BUDGET = 70 * 1024
const dist = resolve(import.meta.dirname, '../dist')
// One language at a time is loaded; count the larger.
const LANGUAGE = /assets\/(zh|en)-/
let total = 0
let language = 0
const rows: [string, number][] = []
for (const file of globSync('{assets/*.{js,css},*.js}', { cwd: dist })) {
  if (file === 'sw.js') continue
  const size = gzipSync(readFileSync(resolve(dist, file)), { level: 9 }).length
  rows.push([file, size])
  if (LANGUAGE.test(file)) language = Math.max(language, size)
  else total += size
}
total += language
for (const [file, size] of rows.sort((a, b) => b[1] - a[1])) console.log(`${(size / 1024).toFixed(1).padStart(7)} KB  ${file}`)
console.log(`${(total / 1024).toFixed(1).padStart(7)} KB  of ${BUDGET / 1024} KB gzip on all of a guide's routes together`)
if (total > BUDGET) process.exit(1)
