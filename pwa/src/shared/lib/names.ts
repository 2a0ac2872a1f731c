/* How a shop calls people. */

const HAN = /^\p{Script=Han}+$/u

/** The character for a person's circle. */
export function initial(name: string | null | undefined): string {
  const trimmed = (name ?? '').trim()
  return trimmed ? [...trimmed][0]!.toUpperCase() : '·'
}

/** What colleagues call her: 雨桐 of 周雨桐, 小可 of 林可, Lin of Lin Xiao. */
export function callName(name: string): string {
  const trimmed = name.trim()
  if (!HAN.test(trimmed)) return trimmed.split(/\s+/)[0] ?? trimmed
  const characters = [...trimmed]
  if (characters.length < 2) return trimmed
  return characters.length === 2 ? `小${characters[1]}` : characters.slice(-2).join('')
}
