import { createHmac, randomUUID } from 'node:crypto';
import { TokenCacheAttribute as Attribute } from '../../contract';
import type { ProofUse } from '../../core/dpop-proof';
import { Fault } from '../../core/errors';
import type { ReplayGuard } from '../../core/ports';
import type { TokenTable } from './token-table';

/** Prefix of the ids of used proofs, which ids of cached results do not have. */
const PREFIX = 'dpop:';

/** Margin for clocks that differ, in seconds. */
const TIME_TO_LIVE_MARGIN_SECONDS = 60;

/** Creates the memory of used proofs in the token cache's table: one conditional write for each use. */
export function createReplayGuard(table: TokenTable): ReplayGuard {
  return {
    async isFirstUse(use) {
      const changes = {
        // A repeated attempt of the same write succeeds by it.
        [Attribute.leaseId]: randomUUID(),
        [Attribute.timeToLive]: Math.ceil(use.expiresAt + TIME_TO_LIVE_MARGIN_SECONDS),
      };
      try {
        const unused = { [Attribute.leaseId]: undefined };
        return (await table.update(useId(use), changes, unused)).updated;
      } catch (cause) {
        const detail = 'whether the proof was used before is not known';
        throw new Fault('replay_guard_unavailable', detail, { cause });
      }
    },
  };
}

/**
 * Returns the id of a use. The access token is the key: every replay of a proof comes with the same token, to
 * which `ath` binds it, and a reader of the table cannot test for a known proof. The ids of one client say
 * nothing about those of another.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-11.1
 */
function useId({ accessToken, thumbprint, jti }: ProofUse): string {
  // A thumbprint has a fixed length, so that no two uses have the same text.
  const text = `${thumbprint}${jti}`;
  return `${PREFIX}${createHmac('sha256', accessToken).update(text).digest('base64url')}`;
}
