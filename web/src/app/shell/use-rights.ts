// SPDX-License-Identifier: MIT

import { type Rights, rightsOf } from '@/lib/rights';
import { useUser } from './use-session-watch';

/** What the person who is signed in may do. */
export function useRights(): Rights {
  return rightsOf(useUser());
}
