import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import { FakeServer } from '../../../testing/server.ts'
import { useDuplicate } from './duplicate.ts'

let server: FakeServer
const phone = ref('')

function knows(...nodes: { id: string; phone: string | null }[]): void {
  const edges = nodes.map((node) => ({ node: { name: '周雨桐', alias: null, store: { name: '滨江店' }, ...node } }))
  server.when(() => ({ json: { data: { customers: { edges } } } }))
}

async function typed(text: string) {
  vi.useFakeTimers()
  phone.value = ''
  const scope = effectScope()
  const { found } = scope.run(() =>
    useDuplicate(
      () => phone.value,
      () => true,
    ),
  )!
  phone.value = text
  await flushPromises()
  vi.advanceTimersByTime(500)
  vi.useRealTimers()
  await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(0))
  await flushPromises()
  scope.stop()
  return found.value
}

beforeEach(() => {
  server = new FakeServer()
})

describe('a number typed for a new customer', () => {
  it('shows whose it is', async () => {
    knows({ id: 'a', phone: '138 •••• 2047' })
    expect(await typed('138 1234 2047')).toMatchObject({ id: 'a', name: '周雨桐' })
  })

  it('shows nobody whose member number only looks like it', async () => {
    knows({ id: 'a', phone: null }, { id: 'b', phone: '139 •••• 0001' })
    expect(await typed('138 1234 2047')).toBeNull()
  })

  it('finds her among others that the search brings', async () => {
    knows({ id: 'a', phone: '139 •••• 0001' }, { id: 'b', phone: '138 •••• 2047' })
    expect((await typed('13812342047'))?.id).toBe('b')
  })
})
