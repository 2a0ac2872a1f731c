/* Files that the server has for her, saved with her session. */
import { locale } from './i18n.ts'

/** Saves what lies behind a path of ours under this name. Rejects when it cannot be fetched. */
export async function saveFile(path: string, name: string): Promise<void> {
  const answer = await fetch(path, { headers: { 'accept-language': locale.value } })
  if (!answer.ok) throw new Error(String(answer.status))
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
