/* What only managers load: their pages, the words and the style of these, the place in the bar. */
import type { Component } from 'vue'
import type { Router, RouteRecordRaw } from 'vue-router'
import { loadWords } from '@/shared/lib/i18n.ts'
import type { Locale } from '@/shared/lib/i18n.ts'
import { saying, words } from '@/shared/lib/words.ts'
import plots from '@/features/predictions/predictions.css?url'
import lines from '@/features/quality/clean.css?url'
import { dress } from '@/shared/ui/dress.ts'
// One style sheet for the managers' pages: in the app's own, guides would load it too.
import style from './pages/managers/managers.css?url'
import rules from './pages/managers/segments.css?url'
import late from './parts/late.css?url'
import { type DeskLink, deskLinks, places } from './places.ts'

const own = {
  'zh-CN': () => import('@/shared/lib/messages/zh/managers.ts'),
  en: () => import('@/shared/lib/messages/en/managers.ts'),
} satisfies Record<Locale, unknown>

/** What the template's editor says, and what the form that it shows does. */
const template = {
  'zh-CN': () => import('@/shared/lib/messages/zh/template.ts'),
  en: () => import('@/shared/lib/messages/en/template.ts'),
} satisfies Record<Locale, unknown>

/** Lines over time have their style with the clean day's. */
const quality = async () => (await Promise.all([import('./pages/managers/QualityPage.vue'), dress(lines)]))[0]
/** A tag looks as it does on a customer's page. */
const tags = async () => (await Promise.all([import('./pages/managers/TagsPage.vue'), dress(late)]))[0]
const predictions = async () => (await Promise.all([import('./pages/managers/PredictionsPage.vue'), dress(plots)]))[0]
const page = (load: () => Promise<{ default: Component }>) => load
/** Segments have words and a style of their own. */
const segments = (load: () => Promise<{ default: Component }>) => async () =>
  (await Promise.all([load(), dress(rules), dress(late)]))[0]
const editing = segments(() => import('./pages/managers/SegmentEditPage.vue'))
const routes: RouteRecordRaw[] = [
  { path: '/board', component: page(() => import('./pages/managers/BoardPage.vue')), meta: { tab: 'board' } },
  { path: '/people', component: page(() => import('./pages/managers/PeoplePage.vue')), meta: { tab: 'me' } },
  { path: '/people/new', component: page(() => import('./pages/managers/InvitePage.vue')), meta: { tab: 'me' } },
  { path: '/people/:id', component: page(() => import('./pages/managers/PersonPage.vue')), meta: { tab: 'me' } },
  { path: '/quality', component: page(quality), meta: { tab: 'board' } },
  { path: '/rfm', component: page(() => import('./pages/managers/RfmPage.vue')), meta: { tab: 'board' } },
  { path: '/predictions', component: page(predictions), meta: { tab: 'board' } },
  { path: '/stages', component: page(() => import('./pages/managers/StagesPage.vue')), meta: { tab: 'me' } },
  { path: '/offers', component: page(() => import('./pages/managers/OffersPage.vue')), meta: { tab: 'me' } },
  { path: '/duplicates', component: page(() => import('./pages/managers/DuplicatesPage.vue')), meta: { tab: 'me' } },
  {
    path: '/duplicates/:winner/:loser',
    component: page(() => import('./pages/managers/MergePage.vue')),
    meta: { tab: 'me' },
  },
  { path: '/audit', component: page(() => import('./pages/managers/AuditPage.vue')), meta: { tab: 'me' } },
  { path: '/consents', component: page(() => import('./pages/managers/ConsentTextsPage.vue')), meta: { tab: 'me' } },
  {
    path: '/customers/:id/privacy',
    component: page(() => import('./pages/managers/PrivacyPage.vue')),
    meta: { tab: 'customers' },
  },
  {
    path: '/card-template',
    component: page(saying(() => import('./pages/managers/CardTemplatePage.vue'), template, words.form)),
    meta: { tab: 'me' },
  },
  { path: '/tags', component: page(tags), meta: { tab: 'me' } },
  { path: '/segments', component: segments(() => import('./pages/managers/SegmentsPage.vue')), meta: { tab: 'me' } },
  { path: '/segments/new', component: page(editing), meta: { tab: 'me' } },
  { path: '/segments/:id', component: segments(() => import('./pages/managers/SegmentPage.vue')), meta: { tab: 'me' } },
  { path: '/segments/:id/edit', component: page(editing), meta: { tab: 'me' } },
  { path: '/stores', component: page(() => import('./pages/managers/StoresPage.vue')), meta: { tab: 'me' } },
]

const TAG =
  '<path d="M4.5 5.5v6.2c0 .5.2 1 .6 1.4l6.6 6.6a2 2 0 0 0 2.8 0l5.2-5.2a2 2 0 0 0 0-2.8L13 5.1a2 2 0 0 0-1.4-.6H5.5a1 1 0 0 0-1 1z"/><path d="M8.6 8.6h.01" stroke-width="2.6"/>'
const desk: DeskLink[] = [
  { to: '/imports', word: 'me.imports', icon: { name: 'bag' }, office: true },
  { to: '/duplicates', word: 'duplicates.title', icon: { name: 'copy' } },
  { to: '/stages', word: 'me.stages', icon: { name: 'calendar' }, office: true },
  {
    to: '/segments',
    word: 'me.segments',
    icon: { drawing: '<circle cx="9" cy="10" r="5.4"/><circle class="f" cx="15" cy="14" r="5.4"/>' },
    office: true,
  },
  { to: '/tags', word: 'me.tags', icon: { drawing: TAG }, office: true },
  { to: '/card-template', word: 'me.card', icon: { name: 'edit' }, office: true },
  { to: '/offers', word: 'me.offers', icon: { name: 'bag' }, office: true },
  { to: '/people', word: 'people.title', icon: { name: 'customers' } },
  { to: '/audit', word: 'me.audit', icon: { name: 'eye' }, office: true },
  { to: '/consents', word: 'me.consents', icon: { name: 'check' }, office: true },
]

export async function open(router: Router): Promise<void> {
  await Promise.all([loadWords(own), loadWords(words.me), loadWords(words.signIn), dress(style)])
  for (const route of routes) router.addRoute(route)
  deskLinks.value = desk
  places.value = places.value.toSpliced(2, 0, {
    name: 'board',
    to: '/board',
    drawing:
      '<path d="M4.2 20h15.6"/><rect class="f" x="5.2" y="11" width="3.6" height="6" rx="1.2"/><rect class="f" x="10.2" y="4.5" width="3.6" height="12.5" rx="1.2"/><rect class="f" x="15.2" y="8" width="3.6" height="9" rx="1.2"/>',
  })
}
