/* Builds src/sw/main.ts into dist/sw.js as one classic script and tells it which files make up the shell.
   Why not a plugin from npm: docs/adr, "service worker build". */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { build, type Plugin } from 'vite'

/** Left out of the shell: the worker's own file, and what the worker keeps only for who uses it. */
const SKIPPED = /(^sw\.js$|^robots\.txt$|\.map$|^assets\/managers\/|(^|\/)\.)/

async function files(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.filter((f) => f.isFile()).map((f) => relative(folder, join(f.parentPath, f.name)))
}

/** Every file of the built shell and a revision that changes when any of them does. */
export async function shell(folder: string): Promise<{ urls: string[]; revision: string }> {
  const names = (await files(folder)).filter((name) => !SKIPPED.test(name)).sort()
  const hash = createHash('sha256')
  for (const name of names) hash.update(name).update(readFileSync(join(folder, name)))
  return { urls: names.map((name) => '/' + name), revision: hash.digest('hex').slice(0, 12) }
}

export function serviceWorker(): Plugin {
  let root = ''
  let outDir = ''
  return {
    name: 'shuke-service-worker',
    // Nothing to list where nothing is written (scripts/size.ts).
    apply: ({ build }, { command }) => command === 'build' && build?.write !== false,
    configResolved(config) {
      root = config.root
      outDir = resolve(root, config.build.outDir)
    },
    async closeBundle(error?: Error) {
      if (error) return
      const { urls, revision } = await shell(outDir)
      await build({
        root,
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        resolve: { alias: { '@': resolve(root, 'src') } },
        define: { __SHELL__: JSON.stringify(urls), __REVISION__: JSON.stringify(revision) },
        build: {
          outDir,
          emptyOutDir: false,
          target: 'es2022',
          reportCompressedSize: false,
          rolldownOptions: {
            input: resolve(root, 'src/sw/main.ts'),
            // A classic script: an ES module registered as one dies without a word.
            output: { format: 'iife', entryFileNames: 'sw.js' },
          },
        },
      })
    },
  }
}
