import { beforeEach, describe, expect, it } from 'vitest'
import { person } from '../../../testing/make.ts'
import { FakeServer } from '../../../testing/server.ts'
import { db } from '../offline/db.ts'
import { readSnapshot, writeSnapshot } from '../offline/snapshots.ts'
import { Unreachable } from './client.ts'
import { adopt, leave, me, restore, verify } from './session.ts'

let server: FakeServer
const seen = async (staff: string) => (await readSnapshot(staff, 'today')) !== null

beforeEach(async () => {
  server = new FakeServer()
  await leave(false)
  await adopt(person('lin'))
  await writeSnapshot('lin', 'today', 1, Date.now())
})

describe('who is signed in', () => {
  it('is known again without a connection', async () => {
    server.when(() => 'down')
    expect((await restore())?.staff.id).toBe('lin')
    await expect(verify()).rejects.toBeInstanceOf(Unreachable)
    expect(await seen('lin')).toBe(true)
  })

  it('revoked: what was read is gone and nobody is signed in', async () => {
    server.when(() => ({ json: { data: { me: null } } }))
    expect(await verify()).toBeNull()
    expect([me.value, await seen('lin'), await (await db()).get('meta', 'staff')]).toEqual([null, false, undefined])
  })

  it('another role or store: what was read is gone, she stays', async () => {
    const roles = [{ role: 'STORE_MANAGER' as const, region: null, store: { id: 's', name: '滨江店' } }]
    server.when(() => ({ json: { data: { me: person('lin', { roles }) } } }))
    await verify()
    expect([me.value?.roles[0]?.role, await seen('lin')]).toEqual(['STORE_MANAGER', false])
  })

  it('the same rights: what was read stays', async () => {
    server.when(() => ({ json: { data: { me: person('lin', { unread: 5 }) } } }))
    await verify()
    expect([me.value?.unread, await seen('lin')]).toEqual([5, true])
  })

  it('somebody else: the first one leaves nothing readable behind', async () => {
    server.when(() => ({ json: { data: { me: person('wang') } } }))
    await verify()
    expect([me.value?.staff.id, await seen('lin')]).toEqual(['wang', false])
  })

  it('401 and the code for it both mean nobody', async () => {
    server.when(() => ({ status: 401 }))
    expect(await verify()).toBeNull()
    await adopt(person('lin'))
    server.when(() => ({ json: { errors: [{ message: '', extensions: { code: 'SIGN_IN_NEEDED' } }] } }))
    expect(await verify()).toBeNull()
  })
})
