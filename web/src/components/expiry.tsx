// SPDX-License-Identifier: MIT
//
// When a key ends, in a row: never, a day, or that it has.

import { useTranslation } from 'react-i18next';
import { useNow } from '@/lib/clock';
import { StateLabel } from './state-label';
import { Time } from './time';

export function Expiry({ value }: { value: string | null }) {
  const { t } = useTranslation();
  const now = useNow();
  if (value === null) return t('expiry.never');
  if (Date.parse(value) > now) return <Time value={value} />;
  return <StateLabel tone="bad" detail={<Time value={value} />}>{t('expiry.past')}</StateLabel>;
}
