/** Copies text; false where the browser would not (then the text stays selectable on the screen). */
export async function copyText(text: string): Promise<boolean> {
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
