// SPDX-License-Identifier: MIT
//
// How far a message is, and why it is not further.

import { useTranslation } from 'react-i18next';
import type { AlertDelivery } from '@/api/types';
import { StateLabel, type Tone } from '@/components/state-label';

const TONES: Record<AlertDelivery['state'], Tone> = { waiting: 'warn', delivered: 'ok', failed: 'bad' };

export function DeliveryState({ delivery }: { delivery: AlertDelivery }) {
  const { t } = useTranslation();
  return (
    <StateLabel tone={TONES[delivery.state]} detail={delivery.error}>
      {t(`alerts.deliveryState.${delivery.state}`)}
    </StateLabel>
  );
}
