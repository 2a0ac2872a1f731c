/* What is typed into fields of head office's own, before anybody judges it. */
export type Content = readonly string[]
/** Field key -> content. */
export type Said = Record<string, Content>

/** Stands for a value that this device does not know (a phone): it stays unless something else is typed. */
export const KEPT = '•'

export const filled = (content: Content | undefined): boolean => !!content?.some((text) => text.trim())
export const same = (one: Content = [], other: Content = []): boolean =>
  JSON.stringify(plain(one)) === JSON.stringify(plain(other))

/** Without blanks, as it is sent. */
export function plain(content: Content = []): string[] {
  return content.map((text) => text.trim()).filter(Boolean)
}
