import { createApp } from 'vue'
import { whenIdle } from '@/shared/lib/idle.ts'
import { chosenLocale, setLocale } from '@/shared/ui/preferences.ts'
import '@/shared/ui/tokens.css'
import '@/shared/ui/base.css'
import '@/shared/ui/lists.css'
import '@/shared/ui/controls.css'
import '@/shared/ui/marks.css'
import App from './App.vue'
import { registerWorker } from './worker.ts'
import { router } from './router.ts'
import { start } from './start.ts'
import { warmFirstPage, warmRest } from './warm.ts'

/** How long the first picture waits for the page's code, ms. */
const PATIENCE = 50

function nextTask(ms = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function main(): Promise<void> {
  const words = setLocale(chosenLocale(), false)
  warmFirstPage()
  // Evaluating this file was a long task: what needs no answer from afar waits for the next.
  await nextTask()
  const app = createApp(App)
  await Promise.all([words, start()])
  // Finding the first page, and drawing the frame around it: a task each, as one would hold up a slow phone's touch.
  await nextTask()
  app.use(router)
  // A frame that knows where she is need not be drawn twice; on a slow network it does not wait for the page.
  await Promise.race([router.isReady().catch(() => undefined), nextTask(PATIENCE)])
  await nextTask()
  app.mount('#app')
  whenIdle(() => void registerWorker())
  warmRest()
}

void main()
