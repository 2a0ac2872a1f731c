import { createApp } from 'vue'
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
import { warmDates, warmFirstPage, warmRest } from './warm.ts'

async function main(): Promise<void> {
  warmFirstPage()
  const ready = Promise.all([setLocale(chosenLocale(), false), start()])
  warmDates()
  await ready
  createApp(App).use(router).mount('#app')
  void registerWorker()
  warmRest()
}

void main()
