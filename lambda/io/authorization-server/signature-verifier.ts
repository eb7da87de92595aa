import type { CryptoKey } from 'jose';
import { connectionAdvice } from '../../core/connection-advice';
import { errorCode } from '../../core/error-code';
import { Fault, invalidResponse } from '../../core/errors';
import { KEY_SET_TIMEOUT_MS } from '../../core/key-set';
import type { Clock } from '../../core/ports';
import { systemClock } from '../system-clock';
import { withTimeout } from '../timeout';
import { createRemoteKeySet, type PublishedKeys, type RemoteKeySetOptions } from './remote-key-set';

export interface SignatureVerifierOptions extends RemoteKeySetOptions {
  /** Timer of the deadline. @default - that of the environment */
  readonly clock?: Pick<Clock, 'after'>;
}

/** Algorithms that public keys verify. Listed, so that no token can choose another. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** Result of a verification; `cause` says why no key could be used. */
type Outcome = 'good' | 'bad' | { readonly cause: unknown };

/**
 * Verifies phantom tokens with the authorization server's public keys. Nothing in a token's header
 * but `alg` and `kid` is used: `jku`, `x5u` and `jwk` would let it bring its own.
 *
 * A signature is bad only by keys that were fetched after the token arrived: keys can be replaced at any time,
 * with no id or under the same. That can take two fetches and a pause. The deadline is one for all of it, so
 * that the time of a verification is bounded as the time of a fetch is.
 *
 * @returns a function that says whether the signature is good. It throws a Fault
 * `signature_keys_unavailable` when the keys, or the one that signed, cannot be had, and
 * `introspection_response_invalid` when the algorithm is not one for public keys.
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.1
 */
export function createSignatureVerifier(options: SignatureVerifierOptions) {
  const keySet = createRemoteKeySet(options);
  const { clock = systemClock } = options;
  const { host } = options.jwksUri;

  return function isSignatureGood(jwt: string): Promise<boolean> {
    const timeoutError = () => unavailable(new Error(`no keys within ${KEY_SET_TIMEOUT_MS} ms`));
    return withTimeout(KEY_SET_TIMEOUT_MS, verify(jwt), clock, timeoutError);
  };

  async function verify(jwt: string): Promise<boolean> {
    const fetchesBefore = keySet.fetches();
    const { keys, outcome } = await verifyWith(jwt, () => keySet.current());
    if (outcome === 'good') return true;
    const isDefinite = keys.fetch > fetchesBefore;
    // Unknown keys are not waited for.
    if (isDefinite || (outcome !== 'bad' && keySet.isCoolingDown())) return conclude(outcome);
    return conclude((await verifyWith(jwt, () => keySet.newerThan(fetchesBefore))).outcome);
  }

  function conclude(outcome: Outcome): boolean {
    if (typeof outcome === 'object') throw unavailable(outcome.cause);
    return outcome === 'good';
  }

  function unavailable(cause: unknown): Fault {
    const detail = `${host} has no key that could verify the JWT`;
    return new Fault('signature_keys_unavailable', detail, { cause });
  }

  async function verifyWith(jwt: string, fetchKeys: () => Promise<PublishedKeys>) {
    // Loaded here: only deployments with a jwksUri pay for it.
    const { compactVerify, errors } = require('./jose') as typeof import('./jose');
    let keys: PublishedKeys | undefined;
    let outcome: Outcome;
    try {
      // The algorithm is checked before the keys are fetched.
      const resolveKey = async (...parameters: Parameters<PublishedKeys['resolveKey']>) => {
        keys = await fetchKeys().catch((cause) => {
          throw notFetched(host, cause);
        });
        return keys.resolveKey(...parameters);
      };
      await compactVerify(jwt, resolveKey, { algorithms: ALGORITHMS });
      outcome = 'good';
    } catch (error) {
      if (error instanceof Fault) throw error;
      const notOurs = [errors.JOSEAlgNotAllowed, errors.JOSENotSupported, errors.JWSInvalid];
      if (notOurs.some((type) => error instanceof type)) {
        const detail = 'the JWT is not signed in a way that public keys verify';
        throw invalidResponse(detail, { cause: error });
      }
      if (error instanceof errors.JWSSignatureVerificationFailed) outcome = 'bad';
      else if (error instanceof errors.JWKSMultipleMatchingKeys) {
        outcome = await verifyWithAny(jwt, error);
      } else outcome = { cause: error };
    }
    if (keys === undefined) throw unavailable(undefined);
    return { keys, outcome };
  }
}

/** Fetches the keys once. @throws Fault `signature_keys_unavailable`. */
export async function fetchKeys(options: RemoteKeySetOptions): Promise<void> {
  await createRemoteKeySet(options)
    .current()
    .catch((cause) => {
      throw notFetched(options.jwksUri.host, cause);
    });
}

function notFetched(host: string, cause: unknown): Fault {
  const code = errorCode(cause);
  const detail = `the keys of ${host} could not be fetched: ${code}`;
  const advice = connectionAdvice(code, 'token.jwksUri');
  return new Fault('signature_keys_unavailable', detail, { cause, advice });
}

/** Tries every key that matches. A key that cannot be used could be the one that signed. */
async function verifyWithAny(
  jwt: string,
  candidates: AsyncIterable<CryptoKey> & Error,
): Promise<Outcome> {
  const { compactVerify, errors } = require('./jose') as typeof import('./jose');
  let outcome: Outcome = { cause: candidates };
  let unusable: Outcome | undefined;
  for await (const key of candidates) {
    try {
      await compactVerify(jwt, key, { algorithms: ALGORITHMS });
      return 'good';
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) outcome = 'bad';
      else unusable = { cause: error };
    }
  }
  return unusable ?? outcome;
}
