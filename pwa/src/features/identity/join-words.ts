/* The few words of a page that everybody opens once; in the app's own they would be carried for ever. */
import { locale } from '@/shared/lib/i18n.ts'

const words = {
  'zh-CN': {
    title: '设一个密码，就能开始了',
    password: '新密码',
    short: '至少 8 个字',
    go: '存好，进去',
    over: '这个链接用过了或过期了，请再要一个',
    again: '请再点一次发给您的链接',
  },
  en: {
    title: 'Choose a password and you are in',
    password: 'New password',
    short: 'At least 8 characters',
    go: 'Save and go in',
    over: 'This link was used or is too old; ask for another',
    again: 'Please open the link you were sent once more',
  },
}

export const joinWord = (key: keyof (typeof words)['en']): string => words[locale.value][key]
