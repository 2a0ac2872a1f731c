/* What a form needs once something is known or typed: who she is, the rules, whose number it is, saving, the choice
   between two colleagues' words. Fetched beside the form, not with it. */
export { useDuplicate } from './duplicate.ts'
export { begun } from './filling.ts'
export { goTo } from './goto.ts'
export { useKnown } from './known.ts'
export { fieldTroubles } from './profile/troubles.ts'
export { outcome } from './save.ts'
export { saveDecided, saveForm } from './saving.ts'
