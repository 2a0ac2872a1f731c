/* What the brand calls the eight cells: as its people are told when they are known; before, as the program calls them. */
import { shallowRef } from 'vue'
import { locale, tEnum } from './i18n.ts'

export interface CellName {
  cell: string
  zhCn: string | null
  en: string | null
}

const own = shallowRef<readonly CellName[]>([])

export function setCells(names: readonly CellName[] | undefined): void {
  own.value = names ?? []
}

export function cellName(cell: string): string {
  const said = own.value.find((one) => one.cell === cell)
  const [first, second] = locale.value === 'en' ? [said?.en, said?.zhCn] : [said?.zhCn, said?.en]
  return first || second || tEnum('cell', cell)
}
