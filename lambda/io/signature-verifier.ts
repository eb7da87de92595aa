import type { CryptoKey, FetchImplementation } from 'jose';
import { Fault, invalidResponse } from '../core/errors';
import { parseJson } from '../core/json';
import { createCircuitBreaker } from './circuit-breaker';
import type { HttpClient } from './http-client';

/** Algorithms that public keys verify. Listed, so that no token can choose another. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** How long the keys may take to arrive, in milliseconds. */
export const TIMEOUT_MS = 3000;
/** How long fetched keys serve, in milliseconds. */
const MAX_AGE_MS = 600_000;
/** A key that is not there makes us fetch again, but no faster than this, in milliseconds. */
const COOLDOWN_MS = 10_000;

interface SignatureVerifierOptions {
  readonly jwksUri: URL;
  readonly send: HttpClient;
  /** Epoch seconds. */
  readonly now: () => number;
}

/**
 * Verifies phantom tokens with the authorization server's public keys. Nothing in a token's header
 * but `alg` and `kid` is used: `jku`, `x5u` and `jwk` would let it bring its own.
 *
 * @returns a function that says whether the signature is good. It throws a Fault
 * `signature_keys_unavailable` when the keys, or the one that signed, cannot be had, and
 * `introspection_response_invalid` when the algorithm is not one for public keys.
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.1
 */
export function createSignatureVerifier({ jwksUri, send, now }: SignatureVerifierOptions) {
  const guard = createCircuitBreaker({
    isDown: () => true,
    notSent: (cause) => new Error(`${jwksUri.host} is left alone after it failed`, { cause }),
    now,
  });
  let keys: Promise<(jwt: string) => Promise<boolean>> | undefined;

  async function load() {
    // Loaded here: only deployments with a jwksUri pay for it.
    const { compactVerify, createRemoteJWKSet, customFetch, errors } =
      require('./jose') as typeof import('./jose');
    const keySet = createRemoteJWKSet(jwksUri, {
      timeoutDuration: TIMEOUT_MS,
      cacheMaxAge: MAX_AGE_MS,
      cooldownDuration: COOLDOWN_MS,
      [customFetch]: fetchKeys,
    });

    return async function verify(jwt: string): Promise<boolean> {
      try {
        if (await verifyOnce(jwt)) return true;
        // Keys without an id, which others may have replaced unnoticed.
        if (keySet.coolingDown) return false;
        await keySet.reload();
        return await verifyOnce(jwt);
      } catch (error) {
        const notOurs = [errors.JOSEAlgNotAllowed, errors.JOSENotSupported, errors.JWSInvalid];
        if (notOurs.some((type) => error instanceof type)) {
          const detail = 'the JWT is not signed in a way that public keys verify';
          throw invalidResponse(detail, { cause: error });
        }
        throw unavailable(error);
      }
    };

    async function verifyOnce(jwt: string): Promise<boolean> {
      try {
        await compactVerify(jwt, keySet, { algorithms: ALGORITHMS });
        return true;
      } catch (error) {
        if (error instanceof errors.JWSSignatureVerificationFailed) return false;
        if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyWithAny(jwt, error);
        throw error;
      }
    }

    async function verifyWithAny(jwt: string, candidates: AsyncIterable<CryptoKey>) {
      for await (const key of candidates) {
        const options = { algorithms: ALGORITHMS };
        const good = await compactVerify(jwt, key, options).then(
          () => true,
          () => false,
        );
        if (good) return true;
      }
      return false;
    }
  }

  const fetchKeys: FetchImplementation = async (_url, { signal }) => {
    const headers = { accept: 'application/json, application/jwk-set+json' };
    const { status, body } = await guard(() => send(jwksUri, { method: 'GET', headers, signal }));
    // What the library reads of a response; the global Response would load all of fetch.
    return { status, json: async () => publicKeys(body.toString('utf8')) } as Response;
  };

  function unavailable(cause: unknown): Fault {
    const detail = `${jwksUri.host} has no key that could verify the JWT`;
    return new Fault('signature_keys_unavailable', detail, { cause });
  }

  return async function isSignatureGood(jwt: string): Promise<boolean> {
    keys ??= load();
    return (await keys)(jwt);
  };
}

/** A private or symmetric key in a published set is an accident and verifies nothing. */
function publicKeys(text: string): unknown {
  const set = parseJson(text) as { keys?: unknown } | undefined;
  if (!Array.isArray(set?.keys)) throw new Error('not a JWK set');
  return { keys: set.keys.filter((key) => key && !('d' in key) && !('k' in key)) };
}
