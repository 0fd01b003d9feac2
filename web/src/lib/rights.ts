// SPDX-License-Identifier: MIT
//
// What a role may do, so that the console offers nothing that the daemon would
// refuse. The daemon decides; this only spares the detour.

interface Person {
  id: number;
  role: string;
}

const ROLES = ['user', 'viewer', 'operator', 'admin'];

export interface Rights {
  /** Sees what belongs to others, the system and the settings. */
  sees: boolean;
  /** Changes what nginx serves. */
  operates: boolean;
  /** Changes users and settings. */
  administers: boolean;
  /** May change an object of this owner. */
  mayChange: (owner: number | null) => boolean;
}

export function rightsOf(user: Person | null): Rights {
  const rank = user === null ? -1 : ROLES.indexOf(user.role);
  const operates = rank >= ROLES.indexOf('operator');
  return {
    sees: rank >= ROLES.indexOf('viewer'),
    operates,
    administers: rank >= ROLES.indexOf('admin'),
    mayChange: (owner) => operates || (owner !== null && owner === user?.id),
  };
}
