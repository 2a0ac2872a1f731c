import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import { card, person } from '../../../testing/make.ts'
import { FakeServer } from '../../../testing/server.ts'
import { flusher, reload } from '@/shared/graphql/outbox.ts'
import { adopt } from '@/shared/graphql/session.ts'
import { entriesOf } from '@/shared/offline/outbox.ts'
import { toast } from '@/shared/ui/toast.ts'
import OutcomeSheet from './OutcomeSheet.vue'
import type { TaskView } from './overlay.ts'

const task: TaskView = { ...card('a'), pending: false, handled: false }
let server: FakeServer

async function settle(): Promise<void> {
  for (let i = 0; i < 6; i++) {
    await flushPromises()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function open(next: TaskView | null = null) {
  return mount(OutcomeSheet, { props: { task, next }, attachTo: document.body })
}

const kept = async () =>
  (await entriesOf('lin')).map(({ op, input, state }) => `${op} ${String(input.outcome ?? '')} ${state}`)

beforeEach(async () => {
  server = new FakeServer()
  toast.value = null
  await adopt(person('lin'))
  await reload()
})

describe('the outcome sheet', () => {
  it('asks how it went with the person as the shop calls her', () => {
    const sheet = open()
    expect(sheet.text()).toContain('和小满妈妈聊得怎么样？')
    sheet.unmount()
  })

  it('keeps the outcome at the first tap', async () => {
    const sheet = open()
    await sheet.findAll('.tile')[0]!.trigger('click')
    await settle()
    expect(await kept()).toEqual(['RecordOutcome REACHED sent'])
    expect(toast.value?.text).toBe('已记「接通」')
    sheet.unmount()
  })

  it('keeps it while the server cannot be reached, and takes it back together with the server then', async () => {
    server.when(() => 'lost')
    const sheet = open()
    await sheet.findAll('.tile')[0]!.trigger('click')
    await settle()
    expect(await kept()).toEqual(['RecordOutcome REACHED pending'])
    toast.value?.run?.()
    await settle()
    server.reset()
    await flusher.poke()
    await settle()
    expect(server.applied.size).toBe(2)
    expect([...server.applied.values()].map((asked) => asked.op)).toEqual(['RecordOutcome', 'UndoOutcome'])
    sheet.unmount()
  })

  it('"call later" is kept with the nearest usual time at once', async () => {
    const sheet = open()
    await sheet.findAll('.tile')[3]!.trigger('click')
    await settle()
    const at = (await entriesOf('lin'))[0]!.input.followUpAt
    expect(Date.parse(String(at))).toBeGreaterThan(Date.now())
    expect(sheet.find('.pill[aria-pressed=true]').exists()).toBe(true)
    sheet.unmount()
  })

  it('a note amends the outcome when the sheet closes, and closing again writes nothing', async () => {
    const sheet = open()
    await sheet.findAll('.tile')[0]!.trigger('click')
    await settle()
    await sheet.find('textarea').setValue('周六来拿')
    sheet.unmount()
    await settle()
    expect(await kept()).toEqual(['RecordOutcome REACHED sent', 'RecordOutcome REACHED sent'])
    expect((await entriesOf('lin'))[1]!.input.note).toBe('周六来拿')
  })

  it('offers the next person only once something is kept', async () => {
    const sheet = open({ ...task, id: 'b', customer: { ...task.customer, name: '何佳' } })
    expect(sheet.text()).not.toContain('下一位')
    await sheet.findAll('.tile')[4]!.trigger('click')
    await settle()
    expect(sheet.text()).toContain('下一位：何佳')
    sheet.unmount()
  })
})
