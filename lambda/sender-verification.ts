import type { SenderConstraint } from './contract';
import type { SenderVerifier } from './core/ports';
import { checkSender } from './core/sender-constraint';
import { createReplayGuard } from './io/aws/replay-guard';
import type { TokenTable } from './io/aws/token-table';

export interface SenderVerificationOptions {
  readonly mode: Exclude<SenderConstraint, 'refuse'>;
  readonly table: TokenTable;
  /** Epoch seconds. */
  readonly now: () => number;
}

/** Composes the verification of senders. Loaded only where tokens that are bound to them are accepted. */
export function createSenderVerifier(options: SenderVerificationOptions): SenderVerifier {
  const { mode, table, now } = options;
  const replayGuard = createReplayGuard(table);

  return async function verifySender(sender, credential, { claims }) {
    const check = checkSender({ mode, credential, claims, sender, now: now() });
    if ('denied' in check) return check.denied;
    if (check.use === undefined || (await replayGuard.isFirstUse(check.use))) return undefined;
    return { reason: 'dpop_proof_replayed' };
  };
}
