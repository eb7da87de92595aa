import type { SenderConstraint } from './contract';
import { createProofVerifier } from './core/dpop-proof';
import type { SenderVerifier } from './core/ports';
import { checkSender } from './core/sender-constraint';
import { createReplayGuard } from './io/aws/replay-guard';
import { createDynamoDb } from './io/aws/services';
import { createTokenTable } from './io/aws/token-table';

export interface SenderVerificationOptions {
  readonly mode: Exclude<SenderConstraint, 'refuse'>;
  readonly table: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Epoch seconds. */
  readonly now: () => number;
}

/**
 * Timeout of each of two attempts to write a proof, in milliseconds. Requests wait longer than for the cache,
 * since they cannot go on without it.
 */
const WRITE_TIMEOUT_MS = 2000;

/** Composes the verification of senders. Loaded only where tokens that are bound to them are accepted. */
export function createSenderVerifier(options: SenderVerificationOptions): SenderVerifier {
  const { mode, table, environment, now } = options;
  const dynamoDb = createDynamoDb(environment, WRITE_TIMEOUT_MS);
  const replayGuard = createReplayGuard(createTokenTable(dynamoDb, table));

  const verifyProof = createProofVerifier();

  return async function verifySender(sender, credential, { claims }) {
    const check = checkSender({ mode, credential, claims, sender, verifyProof, now: now() });
    if ('denied' in check) return check.denied;
    if (check.use === undefined || (await replayGuard.isFirstUse(check.use))) return undefined;
    return { reason: 'dpop_proof_replayed' };
  };
}
