// SPDX-License-Identifier: MIT
//
// A short notice that something was done.

import { notifications } from '@mantine/notifications';

export function notifyDone(message: string): void {
  notifications.show({ message, color: 'petrol', withBorder: true });
}
