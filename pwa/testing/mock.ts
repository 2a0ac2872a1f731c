/* A stand-in for the backend for looking at the screens: `node testing/mock.ts [port]` serves dist with the strict
   policy of the real one and answers /graphql from a small shop kept in memory. Never part of the product. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { extname, join, normalize, resolve } from 'node:path'
import { answer, reset, type Variables } from './mock-shop.ts'

const dist = resolve(import.meta.dirname, '../dist')
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
}
const POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
/** Set through /__mock to see bad weather: milliseconds of delay, or every write refused. */
const weather = { delay: 0, status: 0 }

async function body(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

async function graphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = JSON.parse(await body(request)) as { operationName: string; variables: Variables }
  if (weather.delay) await new Promise((done) => setTimeout(done, weather.delay))
  const signedIn = /shuke=1/.test(request.headers.cookie ?? '')
  const headers: Record<string, string> = { 'content-type': 'application/graphql-response+json' }
  if (asked.operationName === 'SignIn') headers['set-cookie'] = 'shuke=1; Path=/; HttpOnly; SameSite=Lax'
  if (asked.operationName === 'SignOut') headers['set-cookie'] = 'shuke=; Path=/; Max-Age=0'
  if (weather.status) return void response.writeHead(weather.status, headers).end('{}')
  if (!signedIn && !['SignIn', 'Me'].includes(asked.operationName))
    return void response.writeHead(401, headers).end('{}')
  const data = signedIn || asked.operationName !== 'Me' ? answer(asked.operationName, asked.variables) : { me: null }
  response.writeHead(200, headers).end(JSON.stringify({ data }))
}

function file(path: string, response: ServerResponse): void {
  const wanted = join(dist, normalize(path))
  const found = existsSync(wanted) && statSync(wanted).isFile() ? wanted : null
  if (!found && /^\/(assets|icons)\//.test(path)) return void response.writeHead(404).end()
  const name = found ?? join(dist, 'index.html')
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  response.end(readFileSync(name))
}

const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://x').pathname
  if (path === '/graphql') return void graphql(request, response)
  if (path === '/__mock') {
    void body(request).then((text) => {
      const wish = JSON.parse(text) as Partial<typeof weather> & { reset?: boolean }
      if (wish.reset) reset()
      Object.assign(weather, wish)
      response.end('{}')
    })
    return
  }
  file(path, response)
})
server.listen(Number(process.argv[2] ?? 8399), '127.0.0.1', () =>
  console.log('http://127.0.0.1:' + (server.address() as { port: number }).port),
)
