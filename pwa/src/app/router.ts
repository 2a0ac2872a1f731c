import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { leads, staffId } from '@/shared/graphql/session.ts'
import { ownPath } from '@/shared/lib/paths.ts'
import { saying, words } from '@/shared/lib/words.ts'
import { files } from './lazy.ts'
import './invitation.ts'

export const SIGN_IN = 'sign-in'

/** Where to go once signed in: where she was heading. */
export function afterSignIn(next: unknown): string {
  return ownPath(next) ?? '/today'
}

const form = saying(() => import('./pages/CustomerFormPage.vue'), words.form)

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/today' },
  {
    path: '/sign-in',
    name: SIGN_IN,
    component: saying(() => import('./pages/SignInPage.vue'), words.signIn),
    meta: { open: true },
  },
  { path: '/join', component: saying(() => import('./pages/JoinPage.vue'), words.signIn), meta: { open: true } },
  {
    path: '/today',
    name: 'today',
    component: saying(() => import('./pages/TodayPage.vue'), words.today),
    meta: { tab: 'today' },
  },
  { path: '/tasks/:id', component: saying(() => import('./pages/TaskPage.vue'), words.today), meta: { tab: 'today' } },
  { path: '/customers/new', component: form, meta: { tab: 'new' } },
  {
    path: '/customers',
    component: () => import('./pages/CustomersPage.vue'),
    meta: { tab: 'customers' },
    children: [{ path: ':id', component: () => import('./pages/CustomerPage.vue') }],
  },
  {
    path: '/paper',
    component: saying(files.PaperPage, words.form),
    meta: { tab: 'today' },
  },
  { path: '/customers/:id/edit', component: form, meta: { tab: 'customers' } },
  { path: '/clean', component: () => import('./pages/CleanPage.vue'), meta: { tab: 'customers' } },
  { path: '/inbox', component: () => import('./pages/InboxPage.vue'), meta: { tab: 'inbox' } },
  { path: '/me', component: saying(() => import('./pages/MePage.vue'), words.me), meta: { tab: 'me' } },
  {
    path: '/me/password',
    component: saying(() => import('./pages/PasswordPage.vue'), words.me, words.signIn),
    meta: { tab: 'me' },
  },
  {
    path: '/outbox',
    component: saying(() => import('./pages/OutboxPage.vue'), words.me, words.visits),
    meta: { tab: 'me' },
  },
  { path: '/imports/:id?', component: () => import('./pages/ImportsPage.vue'), meta: { tab: 'me' } },
  { path: '/:rest(.*)*', component: () => import('./pages/LostPage.vue'), meta: { tab: '' } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  // The first page is at its top already: asking for it would only force a layout.
  scrollBehavior: (to, from, saved) =>
    to.path === from.path ? false : (saved ?? (from.matched.length > 0 && { top: 0 })),
})

// A page of an older version whose files are gone: load the place afresh, once.
router.onError((error: Error, to) => {
  if (!/dynamically imported|Importing a module/i.test(error.message) || !navigator.onLine) return
  if (sessionStorage.getItem('shuke.afresh') === to.fullPath) return
  sessionStorage.setItem('shuke.afresh', to.fullPath)
  location.assign(to.fullPath)
})

/** Managers' places join the others' when the first manager is here; nobody else ever loads them. */
let managers: Promise<void> | undefined

router.beforeEach(async (to) => {
  if (leads.value && !managers) {
    managers = import('./managers.ts').then((office) => office.open(router)).catch(() => void (managers = undefined))
    await managers
    // Not loaded, so not there: asking again at once would go round in circles.
    if ((managers as unknown) && to.matched[0]?.path.startsWith('/:rest')) return to.fullPath
  }
  if (staffId.value || to.meta.open) return true
  return { name: SIGN_IN, query: to.fullPath === '/today' ? {} : { next: to.fullPath } }
})
