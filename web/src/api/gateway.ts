// SPDX-License-Identifier: MIT
//
// The callers' side, for the playground: a request with a client key, as an
// application sends it. The console's server passes /gateway/ on; the policy
// lets the page speak to nobody else.

export interface GatewayRequest {
  path: string;
  body: object;
}

export function sendToGateway(key: string, { path, body }: GatewayRequest, signal: AbortSignal): Promise<Response> {
  return fetch(`/gateway${path}`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      'Content-Type': 'application/json',
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify(body),
    credentials: 'omit',
    cache: 'no-store',
    signal,
  });
}
