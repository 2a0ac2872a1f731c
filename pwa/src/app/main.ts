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

async function main(): Promise<void> {
  warmFirstPage()
  const words = setLocale(chosenLocale(), false)
  // Evaluating this file was a long task: what needs no answer from afar waits for the next.
  await new Promise((resolve) => setTimeout(resolve))
  const app = createApp(App)
  await Promise.all([words, start()])
  app.use(router).mount('#app')
  whenIdle(() => void registerWorker())
  warmRest()
}

void main()
