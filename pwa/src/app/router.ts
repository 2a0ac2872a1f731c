import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { staffId } from '@/shared/graphql/session.ts'

export const SIGN_IN = 'sign-in'

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: '/today' },
  { path: '/sign-in', name: SIGN_IN, component: () => import('./pages/SignInPage.vue'), meta: { open: true } },
  { path: '/today', name: 'today', component: () => import('./pages/TodayPage.vue'), meta: { tab: 'today' } },
  { path: '/tasks/:id', component: () => import('./pages/TaskPage.vue'), meta: { tab: 'today' } },
  { path: '/customers/new', component: () => import('./pages/CustomerFormPage.vue'), meta: { tab: 'new' } },
  {
    path: '/customers',
    component: () => import('./pages/CustomersPage.vue'),
    meta: { tab: 'customers' },
    children: [{ path: ':id', component: () => import('./pages/CustomerPage.vue') }],
  },
  { path: '/customers/:id/edit', component: () => import('./pages/CustomerFormPage.vue'), meta: { tab: 'customers' } },
  { path: '/inbox', component: () => import('./pages/InboxPage.vue'), meta: { tab: 'inbox' } },
  { path: '/me', component: () => import('./pages/MePage.vue'), meta: { tab: 'me' } },
  { path: '/outbox', component: () => import('./pages/OutboxPage.vue'), meta: { tab: 'me' } },
  { path: '/:rest(.*)*', component: () => import('./pages/LostPage.vue'), meta: { tab: '' } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => (to.path === from.path ? false : (saved ?? { top: 0 })),
})

router.beforeEach((to) => {
  if (staffId.value || to.meta.open) return true
  return { name: SIGN_IN, query: to.fullPath === '/today' ? {} : { next: to.fullPath } }
})
