import { expect, it } from 'vitest'
import { asEver, told } from './overwrite.ts'

it('as ever, nothing is told apart', () => {
  expect(told(asEver())).toEqual({ overwriteOthers: 'OWN', overwrite: [] })
})

it('only what differs from the others is told apart', () => {
  const said = { others: 'TAKE' as const, fields: { note: 'KEEP' as const, name: 'TAKE' as const, level: '' as const } }
  expect(told(said)).toEqual({ overwriteOthers: 'TAKE', overwrite: [{ field: 'note', policy: 'KEEP' }] })
})
