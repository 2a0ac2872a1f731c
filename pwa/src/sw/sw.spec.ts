import { describe, expect, it, vi } from 'vitest'
import { receive, target } from './push.ts'

const origin = 'https://shop.example'

describe('a pushed reminder', () => {
  it('is said in fixed words by kind and number', () => {
    const shown = receive('{"id":"d1","kind":"TASKS_DUE","count":3,"url":"/tasks/x"}', 'zh-CN')
    expect(shown).toMatchObject({ options: { body: '3 位在等您联系', tag: 'd1', data: { url: '/tasks/x' } } })
  })

  it.each(['', 'null', '[]', '{"kind":"constructor"}', '{"kind":"TASKS_DUE","count":"<b>"}', '\u0000'])(
    'of nonsense (%j) still shows something',
    (text) => {
      expect(receive(text, 'en').options.body).toBeTruthy()
    },
  )

  it('never repeats words from the payload', () => {
    const text = JSON.stringify({ kind: '王芳', title: '王芳', body: '王芳 13812342047', count: 1 })
    expect(JSON.stringify(receive(text, 'zh'))).not.toMatch(/王芳|138/)
  })
})

describe('a tapped reminder', () => {
  it.each([
    ['/tasks/x?sheet=outcome', '/tasks/x?sheet=outcome'],
    ['https://shop.example/inbox', '/inbox'],
    ['https://evil.example/', '/today'],
    ['//evil.example/x', '/today'],
    ['javascript:alert(1)', '/today'],
  ])('%s opens %s', (url, path) => {
    expect(target({ url }, origin)).toBe(path)
  })

  it('without an address opens the day', () => {
    expect([target(null, origin), target({}, origin)]).toEqual(['/today', '/today'])
  })
})

describe('the shell', async () => {
  vi.stubGlobal('__SHELL__', ['/index.html', '/assets/a.js'])
  vi.stubGlobal('__REVISION__', 'r1')
  vi.stubGlobal('location', new URL(origin))
  vi.stubGlobal('caches', { open: async () => ({ match: async (path: string) => ({ from: path }) }) })
  const { fallback } = await import('./shell.ts')
  const get = (path: string, mode = 'cors', method = 'GET') => fallback({ url: origin + path, method, mode } as Request)

  it('answers pages and its own files, and nothing of the server', async () => {
    expect(await get('/tasks/x', 'navigate')).toEqual({ from: '/index.html' })
    expect(await get('/assets/a.js')).toEqual({ from: '/assets/a.js' })
    expect(get('/assets/gone.js')).toBeNull()
    expect(get('/graphql', 'cors', 'POST')).toBeNull()
    expect(get('/graphql?query={me{staff{name}}}')).toBeNull()
    expect(get('/graphql', 'navigate')).toBeNull()
    expect(get('/health/ready', 'navigate')).toBeNull()
    expect(get('/imports/x/report.csv', 'navigate')).toBeNull()
    expect(get('/assets/gone.js', 'navigate')).toBeNull()
    expect(await get('/imports', 'navigate')).toEqual({ from: '/index.html' })
    expect(await get('/assets/a.js', 'navigate')).toEqual({ from: '/assets/a.js' })
    expect(fallback({ url: 'https://evil.example/assets/a.js', method: 'GET', mode: 'cors' } as Request)).toBeNull()
  })
})
