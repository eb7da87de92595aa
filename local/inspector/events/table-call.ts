import { z } from 'zod';
import type { AwsCall } from '../../aws/operation-observer';
import { parseJson } from '../../json';
import type { AuthorizerCall, TableOutcome } from './model';

const number = z.object({ N: z.coerce.number() }).optional().catch(undefined);
const binary = z.object({ B: z.string() }).optional().catch(undefined);

/** Attributes of the token cache's items. `lambda/contract.ts` documents them. */
const item = z.object({ sealed: binary, expires_at: number });
const getResponse = z.object({ Item: item.optional() }).catch({});
const updateRequest = z
  .object({
    UpdateExpression: z.string(),
    ExpressionAttributeValues: z.object({ ':sealed': binary, ':expires_at': number }),
  })
  .optional()
  .catch(undefined);

/**
 * Describes a call of the token cache's table. Sealed results stay sealed: their key is derived from the access token
 * and the secret.
 */
export function describeTableCall(call: AwsCall): AuthorizerCall {
  const { operation, durationMs, status, bodies } = call;
  const described = { to: 'table', operation, durationMs } as const;
  if (status !== 200) {
    const isConflict = /ConditionalCheckFailedException/.test(bodies?.response ?? '');
    return { ...described, outcome: isConflict ? 'conflict' : 'failed' };
  }
  if (operation === 'GetItem') {
    const { Item } = getResponse.parse(parseJson(bodies?.response));
    const { sealed, expires_at: expiry } = Item ?? {};
    if (sealed === undefined || expiry === undefined) return { ...described, outcome: 'no-result' };
    const isExpired = expiry.N * 1000 <= call.receivedAtMs;
    return {
      ...described,
      outcome: isExpired ? 'result-expired' : 'result',
      ...sizes(sealed, expiry),
    };
  }
  const update = updateRequest.parse(parseJson(bodies?.request));
  const { ':sealed': sealed, ':expires_at': expiry } = update?.ExpressionAttributeValues ?? {};
  return {
    ...described,
    outcome: outcomeOf(update?.UpdateExpression, sealed),
    ...sizes(sealed, expiry),
  };
}

function outcomeOf(expression: string | undefined, sealed: unknown): TableOutcome {
  if (sealed !== undefined) return 'result-stored';
  const [set = ''] = (expression ?? '').split('REMOVE');
  return set.includes('#lease_expires_at') ? 'lease-acquired' : 'item-changed';
}

function sizes(sealed: z.infer<typeof binary>, expiry: z.infer<typeof number>) {
  return {
    ...(sealed && { sealedBytes: Buffer.from(sealed.B, 'base64').length }),
    ...(expiry && { expiresAtMs: expiry.N * 1000 }),
  };
}
