import { type MessageKey, t } from '../lib/i18n.ts'
import { say, warn } from './toast.ts'

/** Copies text; false where the browser would not (then the text stays selectable on the screen). */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // Plain http has no clipboard API; the old way still works from a tap.
    const area = Object.assign(document.createElement('textarea'), { value: text, readOnly: true })
    const host = document.querySelector('dialog[open]') ?? document.body
    host.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}

/** Copies and says so: `done` where it worked, else what to do instead. */
export async function copyAloud(text: string, done: MessageKey): Promise<void> {
  if (await copyText(text)) say(t(done))
  else warn(t('card.copy.not'))
}

/** Messages are written in WeChat itself: the words for it; without any, the name to find her by. */
export function copyForWechat(words: string | null | undefined, name: string): Promise<void> {
  return words ? copyAloud(words, 'card.wechat.copied') : copyAloud(name, 'card.wechat.name')
}
