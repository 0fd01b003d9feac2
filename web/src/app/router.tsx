// SPDX-License-Identifier: MIT
//
// The pages and their addresses. Each page is loaded when it is first visited;
// what is in the address (filters, the open record) is checked here.

import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { readAlertSearch } from '@/features/alerts/fns/search';
import { readAuditSearch } from '@/features/audit/fns/search';
import { readDashboardSearch } from '@/features/dashboard/fns/search';
import { readFilters } from '@/features/logs/fns/filters';
import { readOpen } from '@/lib/opened';
import { readProviderKeySearch } from '@/features/provider-keys/fns/search';
import { requireNoSession, requireSession } from './guard';
import { withTexts } from './i18n';
import { NotFound } from './not-found';
import { PageFailure } from './page-failure';
import { safeNext } from './safe-next';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): { next?: string } => {
    const next = safeNext(search['next']);
    return next === undefined ? {} : { next };
  },
  beforeLoad: ({ search }) => requireNoSession(search.next),
  component: lazyRouteComponent(() => import('@/features/sign-in/page'), 'SignInPage'),
});

const oidcCallback = createRoute({
  getParentRoute: () => root,
  path: '/oidc/callback',
  component: lazyRouteComponent(() => import('@/features/oidc-callback/page'), 'OidcCallbackPage'),
});

const usage = createRoute({
  getParentRoute: () => root,
  path: '/usage',
  component: lazyRouteComponent(() => withTexts(['usage'], import('@/features/usage/page')), 'UsagePage'),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: ({ location }) => requireSession(location.href, location.pathname),
  component: lazyRouteComponent(() => import('./shell/shell'), 'Shell'),
});

const dashboard = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: readDashboardSearch,
  component: lazyRouteComponent(() => import('@/features/dashboard/page'), 'DashboardPage'),
});

const logs = createRoute({
  getParentRoute: () => shell,
  path: '/logs',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => withTexts(['logs'], import('@/features/logs/page')), 'LogsPage'),
});

const clientKeys = createRoute({
  getParentRoute: () => shell,
  path: '/client-keys',
  validateSearch: readOpen,
  component: lazyRouteComponent(() => import('@/features/client-keys/page'), 'ClientKeysPage'),
});

const providerKeys = createRoute({
  getParentRoute: () => shell,
  path: '/provider-keys',
  validateSearch: readProviderKeySearch,
  component: lazyRouteComponent(() => import('@/features/provider-keys/page'), 'ProviderKeysPage'),
});

const oauthCallback = createRoute({
  getParentRoute: () => shell,
  path: '/oauth/callback',
  component: lazyRouteComponent(() => import('@/features/oauth-callback/page'), 'OAuthCallbackPage'),
});

const providers = createRoute({
  getParentRoute: () => shell,
  path: '/providers',
  component: lazyRouteComponent(() => withTexts(['providers'], import('@/features/providers/page')), 'ProvidersPage'),
});

const playground = createRoute({
  getParentRoute: () => shell,
  path: '/playground',
  component: lazyRouteComponent(() => withTexts(['logs'], import('@/features/playground/page')), 'PlaygroundPage'),
});

const oauthClients = createRoute({
  getParentRoute: () => shell,
  path: '/oauth-clients',
  component: lazyRouteComponent(() => import('@/features/oauth-clients/page'), 'OAuthClientsPage'),
});

const prices = createRoute({
  getParentRoute: () => shell,
  path: '/prices',
  component: lazyRouteComponent(() => withTexts(['prices', 'logs'], import('@/features/prices/page')), 'PricesPage'),
});

const jobs = createRoute({
  getParentRoute: () => shell,
  path: '/jobs',
  component: lazyRouteComponent(() => import('@/features/jobs/page'), 'JobsPage'),
});

const users = createRoute({
  getParentRoute: () => shell,
  path: '/users',
  component: lazyRouteComponent(() => import('@/features/users/page'), 'UsersPage'),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => withTexts(['logs'], import('@/features/audit/page')), 'AuditPage'),
});

const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  validateSearch: readAlertSearch,
  component: lazyRouteComponent(() => withTexts(['alerts'], import('@/features/alerts/page')), 'AlertsPage'),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => withTexts(['settings'], import('@/features/settings/page')), 'SettingsPage'),
});

const system = createRoute({
  getParentRoute: () => shell,
  path: '/system',
  component: lazyRouteComponent(() => import('@/features/system/page'), 'SystemPage'),
});

const profile = createRoute({
  getParentRoute: () => shell,
  path: '/profile',
  component: lazyRouteComponent(() => import('@/features/profile/page'), 'ProfilePage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    oidcCallback,
    usage,
    shell.addChildren([
      dashboard, logs, playground, jobs, clientKeys, oauthClients, providerKeys, providers, prices, alerts, users, audit,
      system, settings, profile, oauthCallback,
    ]),
  ]),
  defaultErrorComponent: PageFailure,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
