import autocannon from 'autocannon';
import { newAccessToken } from '../function';

/** Set from which the access tokens of a load are chosen. */
export type TokenSet = 'hot' | 'mixed' | 'cold';

const hundred = Array.from({ length: 100 }, newAccessToken);
const known = () => hundred[Math.floor(Math.random() * hundred.length)] ?? '';

const choose: Record<TokenSet, () => string> = {
  hot: known,
  mixed: () => (Math.random() < 0.9 ? known() : newAccessToken()),
  cold: newAccessToken,
};

/** Description of each set, for readers of the results. */
export const TOKEN_SETS: Record<TokenSet, string> = {
  hot: 'one of a hundred tokens',
  mixed: 'one of a hundred, and every tenth request a new one',
  cold: 'every request a new one',
};

export function fire(
  url: URL,
  tokens: TokenSet,
  options: Pick<autocannon.Options, 'connections' | 'duration' | 'overallRate'>,
): Promise<autocannon.Result> {
  return autocannon({
    ...options,
    url: new URL('orders/1', url).href,
    requests: [
      {
        setupRequest: (request) => ({
          ...request,
          headers: { ...request.headers, authorization: `Bearer ${choose[tokens]()}` },
        }),
      },
    ],
  });
}

/** @throws Error unless every request was answered by the upstream. */
export function assertAllAllowed({ non2xx, errors, timeouts }: autocannon.Result): void {
  if (non2xx + errors + timeouts > 0) {
    throw new Error(`${non2xx} requests were refused, ${errors} failed, ${timeouts} timed out`);
  }
}
