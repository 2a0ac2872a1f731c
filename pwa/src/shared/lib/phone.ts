/* Phone numbers as a guide types them. The server decides what is valid; these only help while typing. */

/** Digits of a mainland mobile number, grouped 3-4-4; anything else comes back as typed. */
export function groupPhone(text: string): string {
  if (/^\s*\+/.test(text)) return text
  const digits = text.replace(/\D/g, '').slice(0, 11)
  return [digits.slice(0, 3), digits.slice(3, 7), digits.slice(7)].filter(Boolean).join(' ')
}

export function plainPhone(text: string): string {
  return text.replace(/[^\d+]/g, '')
}

/** Complete enough to ask the server about: eleven digits from 1, or an international number. */
export function looksLikePhone(text: string): boolean {
  return /^(1\d{10}|\+\d{8,15})$/.test(plainPhone(text))
}

/** 138 •••• 2047, as the server masks it; what is too short to hide anything is hidden whole. */
export function maskPhone(text: string): string {
  const plain = plainPhone(text).replace(/^\+(86)?/, '')
  return plain.length < 8 ? '••••' : `${plain.slice(0, 3)} •••• ${plain.slice(-4)}`
}
