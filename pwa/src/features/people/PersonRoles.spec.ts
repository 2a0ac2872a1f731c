import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { person as me } from '../../../testing/make.ts'
import { FakeServer } from '../../../testing/server.ts'
import { adopt } from '@/shared/graphql/session.ts'
import { loadWords } from '@/shared/lib/i18n.ts'
import { words } from '@/shared/lib/words.ts'
import type { Whole } from './operations.ts'
import PersonRoles from './PersonRoles.vue'

const managers = {
  'zh-CN': () => import('@/shared/lib/messages/zh/managers.ts'),
  en: () => import('@/shared/lib/messages/en/managers.ts'),
}
const store = { id: 'S', name: '滨江店' }
const guide = { role: 'GUIDE', store, region: null, regionId: null }
const boss = { role: 'STORE_MANAGER', store, region: null, regionId: null }

it('a role is changed where it stands, and the others stay', async () => {
  await Promise.all([loadWords(words.me), loadWords(managers)])
  const server = new FakeServer()
  server.when(({ op }) => (op === 'House' ? { json: { data: { stores: [store], regions: [] } } } : undefined))
  await adopt({ ...me('boss'), roles: [boss] } as Parameters<typeof adopt>[0])
  const person = { id: 'x', roles: [guide, boss] } as unknown as Whole
  const view = mount(PersonRoles, { props: { person, fixed: false } })
  const change = await vi.waitFor(() => view.get('[aria-label="改导购 · 滨江店"]'))
  await change.trigger('click')
  await view.get('select').setValue('ADVISOR')
  await view.get('.btn.primary').trigger('click')
  await vi.waitFor(() => expect(view.emitted('changed')).toHaveLength(1))
  expect(server.asked.find(({ op }) => op === 'SetStaffRoles')?.input.roles).toEqual([
    { role: 'ADVISOR', storeId: 'S', regionId: null },
    { role: 'STORE_MANAGER', storeId: 'S', regionId: null },
  ])
  expect(view.find('select').exists()).toBe(false)
})
