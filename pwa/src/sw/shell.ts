/* The shell: index.html and its files under the name of this build; the next build has another name. */
/// <reference lib="webworker" />
declare const __SHELL__: string[]
declare const __REVISION__: string

const PREFIX = 'shuke-shell-'
const NAME = PREFIX + __REVISION__
const SHELL = new Set(__SHELL__)

export async function install(): Promise<void> {
  const cache = await caches.open(NAME)
  // Past the HTTP cache: a shell put together from two builds is a white page.
  await cache.addAll(__SHELL__.map((url) => new Request(url, { cache: 'reload' })))
}

export async function sweep(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== NAME).map((name) => caches.delete(name)))
}

/** Paths that belong to the server even when a person opens them: its doors, and files (a report to keep, or one that is
    not there any more: the app in its place would be a white page). */
const SERVER = /^\/(graphql|health|live|assets|icons|c)(\/|$)|\.[^/]*$/

/** What only some people's pages need: kept once it was used, and named by its content. */
const LATER = '/assets/managers/'

/** An answer from the shell, or null where the network alone has one. */
export function fallback(request: Request): Promise<Response> | null {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return null
  if (SHELL.has(url.pathname)) return kept(url.pathname, request)
  if (url.pathname.startsWith(LATER) && request.mode !== 'navigate') return keptOnceUsed(request)
  return request.mode === 'navigate' && !SERVER.test(url.pathname) ? kept('/index.html', request) : null
}

async function keptOnceUsed(request: Request): Promise<Response> {
  const cache = await caches.open(NAME)
  const known = await cache.match(request.url)
  if (known) return known
  const found = await fetch(request)
  if (found.ok) await cache.put(request.url, found.clone())
  return found
}

async function kept(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(NAME)
  return (await cache.match(path)) ?? fetch(request)
}
