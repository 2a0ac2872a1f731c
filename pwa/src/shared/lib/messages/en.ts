/* The same words for who reads English. `|one` is the form for exactly one. */
import type { Messages } from '../i18n.ts'
import app from './en/app.ts'
import day from './en/day.ts'
import customers from './en/customers.ts'

const en: Record<keyof Messages, string> & Record<`${string}|one`, string> = { ...app, ...day, ...customers }

export default en
