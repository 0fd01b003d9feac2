// SPDX-License-Identifier: MIT
//
// A channel as its form has it, and as the API wants it. The address and the
// secret are never shown: left empty they stay as they are.

import type { AlertChannel, AlertChannelCreate, AlertChannelPatch } from '@/api/types';
import { changedFields } from '@/lib/changes';

export interface ChannelFields {
  name: string;
  kind: AlertChannel['kind'];
  url: string;
  secret: string;
  username: string;
  require_tls: boolean;
  mail_from: string;
  mail_to: string[];
}

export function channelFields(channel: AlertChannel | null): ChannelFields {
  return {
    name: channel?.name ?? '',
    kind: channel?.kind ?? 'webhook',
    url: '',
    secret: '',
    username: channel?.username ?? '',
    require_tls: channel?.require_tls ?? true,
    mail_from: channel?.mail_from ?? '',
    mail_to: channel?.mail_to ?? [],
  };
}

export function channelBody(fields: ChannelFields): AlertChannelCreate {
  return {
    name: fields.name.trim(),
    kind: fields.kind,
    url: fields.url.trim(),
    ...(fields.secret !== '' && { secret: fields.secret }),
    ...(fields.kind === 'mail' && {
      username: fields.username.trim() === '' ? null : fields.username.trim(),
      require_tls: fields.require_tls,
      mail_from: fields.mail_from.trim(),
      mail_to: fields.mail_to,
    }),
  };
}

export function channelPatch(before: ChannelFields, after: ChannelFields): AlertChannelPatch {
  return changedFields(channelBody(before), channelBody(after));
}
