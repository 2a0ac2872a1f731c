import { expect, it, vi } from 'vitest'
import { copyAloud, copyForWechat } from './clipboard.ts'
import { toast } from './toast.ts'

it('a message for WeChat is its words; without any, her name, and that is said', async () => {
  const copied: string[] = []
  const writeText = async (text: string) => void copied.push(text)
  vi.stubGlobal('navigator', { clipboard: { writeText } })
  await copyForWechat('用得惯吗？', '周雨桐')
  expect(toast.value?.text).toBe('复制好了，去微信粘贴')
  await copyForWechat(null, '周雨桐')
  expect([toast.value?.text, copied]).toEqual(['名字复制好了，去微信找她', ['用得惯吗？', '周雨桐']])
  vi.unstubAllGlobals()
})

it('what could not be copied wears no tick', async () => {
  vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new Error('no')) } })
  document.execCommand = () => false
  await copyAloud('用得惯吗？', 'card.copied')
  expect(toast.value).toMatchObject({ wrong: true })
  vi.unstubAllGlobals()
})
