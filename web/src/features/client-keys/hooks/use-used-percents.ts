// SPDX-License-Identifier: MIT
//
// How far client keys have used the fullest of their limits, for those who may
// see it.

import { useQuery } from '@tanstack/react-query';
import { useRights } from '@/app/shell/use-rights';
import { usedLimitsQuery } from '@/api/limits';
import type { ClientKey } from '@/api/types';
import { fullest } from '@/lib/limits';

const REFRESH_MS = 10_000;
// The least that the API tells apart from nothing.
const SOME = 1;

export function useUsedPercents(): (key: ClientKey) => number | undefined {
  const { sees } = useRights();
  const used = useQuery({ ...usedLimitsQuery(SOME), refetchInterval: REFRESH_MS, enabled: sees });
  const percents = new Map((used.data ?? []).map((report) =>
    [report.client_key.id, fullest([...report.limits, ...report.user_limits])?.used_percent]));
  return (key) => percents.get(key.id);
}
