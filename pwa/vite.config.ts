import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { serviceWorker } from './scripts/service-worker.ts'

const backend = process.env.SHUKE_BACKEND ?? 'http://127.0.0.1:8321'

/* What every page needs is one file beside the libraries' two: many small ones compress worse and cost round trips.
   What only some pages show stays with them. */
const EVERYWHERE = [
  /src\/app\/(?!pages\/|parts\/|managers\.|calling)/,
  /src\/features\/(inbox\/unread|outbox\/SyncBadge)/,
  /src\/shared\/(graphql|offline)\/(?!mend)/,
  /src\/shared\/lib\/(?!messages\/|money|due|birthdays)/,
  /src\/shared\/ui\/(?!AppSegments|AppSheet|AppMemo|AppSwitch|ShopDrawing|AppField|AppAvatar|DragHandle|dragging|Rfm|clipboard|sheets|qr)/,
]

/* What shows people and reaches them: most pages, but for forms. */
const PEOPLE = /src\/(app\/calling|features\/customers\/reveal\b|shared\/ui\/(AppAvatar|Rfm|clipboard|sheets))/

/* What the pages of the day and a customer's share. */
const CARDS = /src\/(features\/tasks\/(operations|overlay|DueLabel)|shared\/lib\/due)\b/

/* What every page about customers shares: one file of these compresses better than two. */
const KNOWN = /src\/(features\/customers\/(overlay|operations)|shared\/lib\/money)\b/

/* What a customer's form, her card and the form's further parts share. */
const CARD = /src\/features\/customers\/(form|profile\/(said|template|operations|ChoiceField))\b/

/* What only managers load lies in a folder of its own, which the service worker does not fetch beforehand. */
const MANAGERS =
  /src\/(app\/(managers|pages\/managers)|features\/(board|people|profile|segments\/(?!WhySheet|Her|hers|words\/why)|stages|tags\/(manage|order|useTags|whom|TagRows|TagGroups|TagSheet|GroupSheet|MergeFields|BulkSheet|BatchList))|shared\/ui\/(DragHandle|dragging)|shared\/lib\/messages\/\w+\/(managers|template))\b/

const file = (managers: boolean): string => `assets/${managers ? 'managers/' : ''}[name]-[hash]`

export default defineConfig({
  plugins: [vue(), serviceWorker()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  // No inlined assets and no inline module preload: the pages run under `default-src 'self'`.
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    // One sheet for all pages: what a page's own would save is less than the round trip it costs.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        chunkFileNames: ({ moduleIds }) =>
          file(moduleIds.length > 0 && moduleIds.every((id) => MANAGERS.test(id))) + '.js',
        assetFileNames: ({ originalFileNames }) =>
          file(originalFileNames.some((name) => MANAGERS.test(name))) + '[extname]',
        codeSplitting: {
          groups: [
            // Vite makes each a script of its own: as one task they would hold up a slow phone's first touch.
            { name: 'vue', test: /node_modules\/(@vue\/|vue\/|idb\/)/, priority: 3 },
            { name: 'router', test: /node_modules|\0/, priority: 2 },
            { name: 'base', test: (id) => EVERYWHERE.some((part) => part.test(id)) },
            { name: 'people', test: (id) => PEOPLE.test(id) },
            { name: 'cards', test: (id) => CARDS.test(id) },
            { name: 'card', test: (id) => CARD.test(id) },
            { name: 'known', test: (id) => KNOWN.test(id) },
          ],
        },
      },
    },
  },
  server: { host: '127.0.0.1', proxy: { '/graphql': backend, '/live': backend } },
})
