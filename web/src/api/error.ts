// SPDX-License-Identifier: MIT
//
// What request() throws. `code` is the daemon's, or one of the two that only
// the browser can know: the daemon was not reached, or did not answer in JSON.

export const UNREACHABLE = 'console.unreachable';
export const UNREADABLE = 'console.unreadable';

interface ErrorFields {
  status: number;
  code: string;
  message: string;
  field?: string | null;
  requestId?: string | null;
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly field: string | null;
  readonly requestId: string | null;

  constructor(fields: ErrorFields) {
    super(fields.message);
    this.status = fields.status;
    this.code = fields.code;
    this.field = fields.field ?? null;
    this.requestId = fields.requestId ?? null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Reads an error reply; whatever else it is becomes UNREADABLE. */
export function toApiError(status: number, requestId: string | null, body: unknown): ApiError {
  const error = isRecord(body) ? body['error'] : undefined;
  if (!isRecord(error) || typeof error['code'] !== 'string') {
    return new ApiError({ status, code: UNREADABLE, message: `HTTP ${status}`, requestId });
  }
  return new ApiError({
    status,
    code: error['code'],
    message: typeof error['message'] === 'string' ? error['message'] : error['code'],
    field: typeof error['field'] === 'string' ? error['field'] : null,
    requestId,
  });
}
