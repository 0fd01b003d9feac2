// SPDX-License-Identifier: MIT
//
// The pages in the navigation, and who sees them.

import type { IconName } from '@/components/icons';
import type { Rights } from '@/lib/rights';

interface NavPage {
  id: string;
  to: string;
  icon: IconName;
  /** The right it takes; none: everybody who is signed in. */
  needs?: 'sees' | 'administers';
}

const GROUPS = [
  {
    id: 'traffic',
    pages: [
      { id: 'dashboard', to: '/', icon: 'dashboard' },
      { id: 'logs', to: '/logs', icon: 'records' },
      { id: 'playground', to: '/playground', icon: 'playground' },
      { id: 'jobs', to: '/jobs', icon: 'jobs' },
    ],
  },
  {
    id: 'keys',
    pages: [
      { id: 'clientKeys', to: '/client-keys', icon: 'clientKey' },
      { id: 'oauthClients', to: '/oauth-clients', icon: 'oauthClient', needs: 'sees' },
      { id: 'providerKeys', to: '/provider-keys', icon: 'providerKey' },
      { id: 'providers', to: '/providers', icon: 'provider' },
      { id: 'prices', to: '/prices', icon: 'prices' },
    ],
  },
  {
    id: 'gateway',
    pages: [
      { id: 'alerts', to: '/alerts', icon: 'alert' },
      { id: 'users', to: '/users', icon: 'user', needs: 'administers' },
      { id: 'audit', to: '/audit', icon: 'audit', needs: 'administers' },
      { id: 'system', to: '/system', icon: 'system', needs: 'sees' },
      { id: 'settings', to: '/settings', icon: 'settings', needs: 'sees' },
    ],
  },
] as const satisfies { id: string; pages: NavPage[] }[];

/** The groups with what these rights let one see; none is empty. */
export function visibleGroups(rights: Rights) {
  return GROUPS.map(({ id, pages }) => ({
    id,
    pages: pages.filter((page) => !('needs' in page) || rights[page.needs]),
  })).filter((group) => group.pages.length > 0);
}
