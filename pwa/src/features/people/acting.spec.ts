import { beforeAll, beforeEach, expect, it } from 'vitest'
import { FakeServer, refusal } from '../../../testing/server.ts'
import { loadWords } from '@/shared/lib/i18n.ts'
import { words } from '@/shared/lib/words.ts'
import { toast } from '@/shared/ui/toast.ts'
import { useActing } from '@/shared/ui/acting.ts'
import { EndStaff } from './operations.ts'

const input = { staffId: 'x', cardsTo: null }
let server: FakeServer
beforeAll(() => loadWords(words.me))
beforeEach(() => {
  server = new FakeServer()
  toast.value = null
})

it('needs the server and says so; the same act again goes under the same id', async () => {
  const { act, trouble } = useActing()
  server.when(() => 'lost')
  expect(await act(EndStaff, input)).toBeNull()
  expect(trouble.value).toBe('没连上，这一步要有网')
  server.reset()
  expect(await act(EndStaff, input)).not.toBeNull()
  expect(new Set(server.asked.map((asked) => asked.input.operationId)).size).toBe(1)
})

it('says why it was refused, in the words of the server', async () => {
  const { act, trouble } = useActing()
  server.when(() => refusal('endStaff', 'FORBIDDEN'))
  expect(await act(EndStaff, input)).toBeNull()
  expect(trouble.value).toBe('FORBIDDEN')
  expect(toast.value).toMatchObject({ text: 'FORBIDDEN', wrong: true })
})
