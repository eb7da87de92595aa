import { Fault } from './errors';
import { isJsonObject, type JsonObject, parseJsonObject } from './json';
import { publicMembers, type SigningAlgorithm, signingAlgorithmOf } from './jwk';

/** A key that signs phantom tokens. */
export interface SigningKey {
  /** The header parameter `kid` of what the key signs. */
  readonly keyId: string;
  readonly algorithm: SigningAlgorithm;
  /** Private JWK. */
  readonly jwk: JsonObject;
}

/** Members of the signing secret. All of its keys are published. */
export interface SigningKeys {
  /** The key that signed before the last rotation. */
  readonly previous?: SigningKey;
  /** The key that signs. */
  readonly current: SigningKey;
  /** The key that signs after the next rotation. */
  readonly next?: SigningKey;
  /** Time at which `current` began to sign, in epoch seconds. */
  readonly rotatedAt?: number;
}

/** A JWK set of public keys. */
export interface PublicKeySet {
  readonly keys: readonly JsonObject[];
}

/**
 * Reads the signing secret.
 *
 * @throws Fault `signing_keys_invalid` that names the member at fault, and quotes none.
 */
export function readSigningKeys(secretText: string): SigningKeys {
  const members = parseJsonObject(secretText);
  if (members === undefined) throw invalid('the signing secret is not a JSON object');
  const current = readKey(members, 'current');
  if (current === undefined) throw invalid('the signing secret has no key "current"');
  const keys: SigningKeys = {
    ...optional('previous', readKey(members, 'previous')),
    current,
    ...optional('next', readKey(members, 'next')),
    ...optional('rotatedAt', readTime(members)),
  };
  const keyIds = allSigningKeys(keys).map(({ keyId }) => keyId);
  if (new Set(keyIds).size < keyIds.length) {
    throw invalid('previous, current and next must have different key ids');
  }
  return keys;
}

/** Returns the signing secret with these keys, the text that `readSigningKeys` reads, and with more members. */
export function formatSigningKeys(
  { previous, current, next, rotatedAt }: SigningKeys,
  members: JsonObject,
): string {
  return JSON.stringify({
    ...members,
    previous: previous?.jwk,
    current: current.jwk,
    next: next?.jwk,
    rotated_at: rotatedAt,
  });
}

/** Returns the keys that can have signed a token, or will sign one. */
export function allSigningKeys({ previous, current, next }: SigningKeys): readonly SigningKey[] {
  return [previous, current, next].filter((key) => key !== undefined);
}

/**
 * Returns the JWK set by which upstream APIs verify what any of the keys signs. It consists of members that are
 * public by definition, whatever else a JWK of the secret contains.
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
export function publishedKeySet(keys: SigningKeys): PublicKeySet {
  return {
    keys: allSigningKeys(keys).map(({ jwk, keyId, algorithm }) => ({
      ...publicMembers(jwk),
      kid: keyId,
      alg: algorithm,
      use: 'sig',
    })),
  };
}

function readKey(
  members: JsonObject,
  name: 'previous' | 'current' | 'next',
): SigningKey | undefined {
  const jwk = members[name];
  if (jwk === undefined) return undefined;
  if (!isJsonObject(jwk)) throw invalid(`${name} must be a private JWK`);
  const { kid, use = 'sig' } = jwk;
  if (typeof kid !== 'string' || kid === '') throw invalid(`${name} must have a kid`);
  if (use !== 'sig') throw invalid(`the use of ${name} must be sig`);
  const algorithm = signingAlgorithmOf(jwk);
  if (algorithm === undefined) {
    throw invalid(
      `${name} must be a private JWK for its alg, one of ES256, EdDSA, PS256 and RS256`,
    );
  }
  return { keyId: kid, algorithm, jwk };
}

function readTime({ rotated_at: rotatedAt }: JsonObject): number | undefined {
  if (rotatedAt === undefined || Number.isSafeInteger(rotatedAt)) return rotatedAt as number;
  throw invalid('rotated_at must be a whole number of epoch seconds');
}

function optional<const Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}

function invalid(detail: string): Fault {
  return new Fault('signing_keys_invalid', detail);
}
