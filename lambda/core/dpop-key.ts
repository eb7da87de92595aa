import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { DPOP_ALGORITHMS } from '../contract';
import type { JsonObject } from './json';
import { publicMembers, thumbprint } from './jwk';

export type DpopAlgorithm = (typeof DPOP_ALGORITHMS)[number];

/** Public key of a DPoP proof. */
export interface DpopKey {
  /** SHA-256 thumbprint, to which access tokens are bound. */
  readonly thumbprint: string;
  /** Returns whether the key made a signature, by the algorithm that it was read for. */
  isSignatureGood(signed: string, signature: Buffer): boolean;
}

/** Members that only private and symmetric keys have. @see https://www.rfc-editor.org/rfc/rfc7518#section-6 */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Sizes of RSA keys, in bits: shorter ones are weak, and longer ones cost time. */
const RSA_BITS = { min: 2048, max: 4096 };
/** Longest public exponent of an RSA key in base64url, in characters: 65537. A longer one costs time. */
const MAX_EXPONENT_LENGTH = 4;

interface Verification {
  /** Type of the key. */
  readonly type: { readonly kty: string; readonly crv?: string };
  readonly digest: string | null;
  readonly options: Omit<Parameters<typeof verify>[2] & object, 'key'>;
}

const ED25519: Verification = {
  type: { kty: 'OKP', crv: 'Ed25519' },
  digest: null,
  options: {},
};

/** @see https://www.rfc-editor.org/rfc/rfc7518#section-3 and https://www.rfc-editor.org/rfc/rfc8037#section-3.1 */
const VERIFICATIONS: Readonly<Record<DpopAlgorithm, Verification>> = {
  ES256: {
    type: { kty: 'EC', crv: 'P-256' },
    digest: 'sha256',
    options: { dsaEncoding: 'ieee-p1363' },
  },
  EdDSA: ED25519,
  Ed25519: ED25519,
  PS256: {
    type: { kty: 'RSA' },
    digest: 'sha256',
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  },
};

/** Returns whether an algorithm is one that DPoP proofs may have. */
export function isDpopAlgorithm(alg: unknown): alg is DpopAlgorithm {
  return DPOP_ALGORITHMS.some((algorithm) => algorithm === alg);
}

/**
 * Reads the public key of a proof. Returns `undefined` if it is private, symmetric, malformed, or not one for
 * the algorithm.
 */
export function readDpopKey(jwk: JsonObject, algorithm: DpopAlgorithm): DpopKey | undefined {
  const { type, digest, options } = VERIFICATIONS[algorithm];
  const isOfType = Object.entries(type).every(([name, value]) => jwk[name] === value);
  if (!isOfType || PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))) return undefined;
  const key = importKey(jwk);
  return (
    key && {
      thumbprint: thumbprint(jwk),
      isSignatureGood: (signed, signature) =>
        verify(digest, Buffer.from(signed, 'latin1'), { key, ...options }, signature),
    }
  );
}

function importKey(jwk: JsonObject): KeyObject | undefined {
  if (jwk['kty'] === 'RSA' && !hasAcceptedSize(jwk)) return undefined;
  try {
    return createPublicKey({ format: 'jwk', key: publicMembers(jwk) });
  } catch {
    // Not a point of the curve, or a member is missing.
    return undefined;
  }
}

/** Returns whether an RSA key has an accepted size. `KeyObject.asymmetricKeyDetails` would take half as long as a verification. */
function hasAcceptedSize({ n, e }: JsonObject): boolean {
  if (typeof n !== 'string' || typeof e !== 'string' || e.length > MAX_EXPONENT_LENGTH)
    return false;
  const bits = bitLength(Buffer.from(n, 'base64url'));
  return bits >= RSA_BITS.min && bits <= RSA_BITS.max;
}

/** Returns the number of bits of a number in big-endian bytes, without leading zeros. */
function bitLength(bytes: Buffer): number {
  const start = bytes.findIndex((byte) => byte !== 0);
  return start < 0 ? 0 : (bytes.length - start) * 8 - (Math.clz32(bytes[start] ?? 0) - 24);
}
