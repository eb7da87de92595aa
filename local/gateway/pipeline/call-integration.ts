import type { Unsupported } from '../definition/unsupported-integration';
import { jsonResponse } from '../request/message';
import type { Invocation } from './invocation';
import { type Ended, endWith } from './pipeline';

/** Response or failure of an integration, and how long it took. */
interface MeasuredCall<Result> {
  readonly result: Result;
  readonly latencyMs: number;
}

/**
 * Calls an integration and measures it. The path of the request ends with 501 if local mode does not support the
 * integration.
 */
export async function measureCall<Integration extends { readonly type: string }, Result>(
  invocation: Invocation,
  integration: Integration | Unsupported,
  call: (integration: Exclude<Integration, Unsupported>) => Promise<Result> | Result,
): Promise<MeasuredCall<Result> | Ended> {
  if (isUnsupported(integration)) {
    const { reason } = integration;
    return endWith(invocation, jsonResponse(501, { message: reason }), { fault: reason });
  }
  const startedMs = performance.now();
  const result = await call(integration as Exclude<Integration, Unsupported>);
  return { result, latencyMs: Math.round(performance.now() - startedMs) };
}

function isUnsupported(integration: { readonly type: string }): integration is Unsupported {
  return integration.type === 'UNSUPPORTED';
}
