import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { db, type Upload } from './db.ts'
import { flush } from './flush.ts'
import { enqueue, entriesOf } from './outbox.ts'

const author = { staff: 'lin', locale: 'zh-CN' }
const photo = (upload: Upload) => ({
  ...{ op: 'TakePaperCard', document: '', input: { id: 'c' }, entity: 'PaperCard:c', about: 'photo', upload },
})

beforeEach(async () => {
  await (await db()).put('meta', 'lin', 'staff')
})
afterEach(() => vi.unstubAllGlobals())

it('a write with a file goes to its own door, each time under the same name, and leaves no file behind', async () => {
  const asked: [string, RequestInit][] = []
  const answers = [new Response('', { status: 503 }), Response.json({ id: 'x' }, { status: 201 })]
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push([path, init])
    return answers.shift()!
  })
  const body = new Blob(['photo'])
  const upload = { path: '/paper-cards', headers: { 'x-card-id': 'c' }, body }
  await enqueue(photo(upload), author)
  expect((await flush()).state).toBe('later')
  expect(await flush()).toEqual({ state: 'done', sent: 1 })
  expect(asked.map(([path, { headers }]) => [path, (headers as Record<string, string>)['x-card-id']])).toEqual([
    ['/paper-cards', 'c'],
    ['/paper-cards', 'c'],
  ])
  expect((await entriesOf('lin'))[0]!.upload).toBeUndefined()
})

it('a write with a file that is refused says why', async () => {
  const errors = [{ message: '照片太大', extensions: { code: 'INVALID' } }]
  vi.stubGlobal('fetch', async () => Response.json({ errors }, { status: 413 }))
  await enqueue(photo({ path: '/paper-cards', headers: {}, body: new Blob(['x']) }), author)
  await flush()
  const [entry] = await entriesOf('lin')
  expect(entry).toMatchObject({ state: 'rejected', reasons: [{ code: 'INVALID', message: '照片太大' }] })
})
