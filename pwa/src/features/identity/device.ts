/* What this device remembers about people and about itself. */
import { callName } from '@/shared/lib/names.ts'
import { db } from '@/shared/offline/db.ts'

/** Somebody who signed in here: what colleagues call her, nothing one could sign in with. */
export interface Person {
  id: string
  name: string
}

const MOST = 4

export async function people(): Promise<Person[]> {
  return ((await (await db()).get('meta', 'people')) as Person[] | undefined) ?? []
}

export async function remember(id: string, name: string): Promise<void> {
  const others = (await people()).filter((person) => person.id !== id)
  await (await db()).put('meta', [{ id, name: callName(name) }, ...others].slice(0, MOST), 'people')
}

/** Writes on this device that were never sent, whoever made them. */
export async function keptWrites(): Promise<number> {
  return (await (await db()).getAll('outbox')).filter((entry) => entry.state !== 'sent').length
}

/** "Chrome · Android", for the list of devices. */
export function deviceName(agent: string = navigator.userAgent): string {
  const browser = /MicroMessenger/.test(agent)
    ? 'WeChat'
    : (/(Edg|OPR|HuaweiBrowser|MiuiBrowser|Firefox|Chrome|Safari)\w*\//.exec(agent)?.[1] ?? 'Browser')
  const system = /(iPhone|iPad|Android|Windows|Mac OS X|Linux)/.exec(agent)?.[1] ?? ''
  return [browser === 'Edg' ? 'Edge' : browser, system === 'Mac OS X' ? 'Mac' : system].filter(Boolean).join(' · ')
}
