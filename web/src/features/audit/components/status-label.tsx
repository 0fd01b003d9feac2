// SPDX-License-Identifier: MIT
//
// What was answered to a write.

import { useTranslation } from 'react-i18next';
import { StateLabel } from '@/components/state-label';

export function StatusLabel({ status }: { status: number | null }) {
  const { t } = useTranslation();
  if (status === null) return <StateLabel tone="idle">{t('audit.noAnswer')}</StateLabel>;
  return <StateLabel tone={status < 400 ? 'ok' : 'bad'}>{status}</StateLabel>;
}
