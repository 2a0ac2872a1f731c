import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import AppSegments from './AppSegments.vue'

const options = [
  { value: 'zh-CN', word: '中文', lang: 'zh-CN' },
  { value: 'en', word: 'English', lang: 'en' },
]

it('is a named group of buttons of which one is pressed', async () => {
  const segments = mount(AppSegments, { props: { label: '语言', options, modelValue: 'zh-CN' } })
  expect([segments.attributes('role'), segments.attributes('aria-label')]).toEqual(['group', '语言'])
  const pressed = () => segments.findAll('button').map((button) => button.attributes('aria-pressed'))
  expect(pressed()).toEqual(['true', 'false'])
  const english = segments.findAll('button')[1]!
  expect([english.text(), english.attributes('lang'), english.attributes('type')]).toEqual(['English', 'en', 'button'])
  await english.trigger('click')
  expect(segments.emitted('update:modelValue')).toEqual([['en']])
  await segments.setProps({ modelValue: 'en' })
  expect(pressed()).toEqual(['false', 'true'])
})
