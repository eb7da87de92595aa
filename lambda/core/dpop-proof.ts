import { hash } from 'node:crypto';
import { type Comparison, compare, compareIdentifying } from './comparison';
import { type DpopKey, isDpopAlgorithm, readDpopKey } from './dpop-key';
import { isJsonObject, type JsonObject } from './json';
import { decodePart, normalizeType, splitJws } from './jws';
import { isUrlOf, type RequestUrl } from './request-url';

/** Longer proofs are refused before any work is done for them, in characters. */
export const MAX_PROOF_LENGTH = 4096;

/** Seconds that the time of a proof may be from ours, in either direction. */
export const PROOF_WINDOW_SECONDS = 60;

/** The request and the token that a proof has to be about. */
export interface ProofContext {
  /** Method of the request. */
  readonly method: string;
  /** URLs that the client may have called. */
  readonly urls: readonly RequestUrl[];
  readonly accessToken: string;
  /** Thumbprints that the access token is bound to. The key of the proof must have all of them. */
  readonly thumbprints: readonly string[];
  /** Epoch seconds. */
  readonly now: number;
}

/** The one use that a proof is good for. */
export interface ProofUse {
  readonly accessToken: string;
  /** Thumbprint of the key that signed the proof. */
  readonly thumbprint: string;
  /** Id of the proof, unique for its key. */
  readonly jti: string;
  /** Time at which the proof expires, in epoch seconds. */
  readonly expiresAt: number;
}

interface DeniedProof {
  readonly denied: 'dpop_proof_invalid';
  readonly comparison: Comparison;
}

/** Result of the verification of a proof. */
export type VerifiedProof = { readonly use: ProofUse } | DeniedProof;

/** Verifies a DPoP proof, except that it was not used before. */
export type ProofVerifier = (proof: string, context: ProofContext) => VerifiedProof;

/** Number of clients whose keys are kept. */
const MAX_KNOWN_KEYS = 100;

/**
 * Creates a verifier of DPoP proofs. A client sends the same header with each proof, so the keys of good proofs
 * are kept by it: to import a key takes longer than to verify a signature.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export function createProofVerifier(): ProofVerifier {
  const knownKeys = new Map<string, DpopKey>();

  return function verifyProof(proof, context) {
    if (proof.length > MAX_PROOF_LENGTH) {
      return deny(`at most ${MAX_PROOF_LENGTH} characters`, `${proof.length}`);
    }
    const parts = splitJws(proof);
    if (parts === undefined) return NOT_COMPACT;
    const [header, claims, signature] = parts;
    const payload = decodePart(claims);
    if (payload === undefined) return NOT_COMPACT;
    const key = knownKeys.get(header) ?? readHeader(header);
    if ('denied' in key) return key;
    if (!key.isSignatureGood(`${header}.${claims}`, Buffer.from(signature, 'base64url'))) {
      return deny('a signature by jwk', 'another one');
    }
    if (!context.thumbprints.every((thumbprint) => thumbprint === key.thumbprint)) {
      return deny('the key that the access token is bound to', 'another key');
    }
    const verified = verifyClaims(payload, key.thumbprint, context);
    if ('use' in verified) keep(header, key);
    return verified;
  };

  function keep(header: string, key: DpopKey): void {
    knownKeys.delete(header);
    knownKeys.set(header, key);
    const [oldest] = knownKeys.keys();
    if (knownKeys.size > MAX_KNOWN_KEYS && oldest !== undefined) knownKeys.delete(oldest);
  }
}

/** Returns the key of a proof by its header, unless that is not one of a proof. */
function readHeader(encoded: string): DpopKey | DeniedProof {
  const header = decodePart(encoded);
  if (header === undefined) return NOT_COMPACT;
  const { typ, alg, jwk } = header;
  if (typeof typ !== 'string' || normalizeType(typ) !== 'dpop+jwt') {
    return deny('typ dpop+jwt', typ);
  }
  if (!isDpopAlgorithm(alg)) return deny('an alg of the challenge', alg);
  // No extension is understood. https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
  if (Object.hasOwn(header, 'crit')) return deny('no crit', 'crit');
  const key = isJsonObject(jwk) ? readDpopKey(jwk, alg) : undefined;
  return key ?? deny(`a public jwk for ${alg}`, 'another value');
}

function verifyClaims(
  { htm, htu, iat, ath, jti }: JsonObject,
  thumbprint: string,
  { method, urls, accessToken, now }: ProofContext,
): VerifiedProof {
  if (htm !== method) return deny(`htm ${method}`, htm);
  if (typeof htu !== 'string' || !urls.some((url) => isUrlOf(htu, url))) {
    const bases = urls.map(({ base }) => base).join(' or ') || 'api.publicUrls';
    const received = typeof htu === 'string' ? htu.replace(/[?#].*/s, '') : undefined;
    const comparison = compareIdentifying(`htu of the request, below ${bases}`, received);
    return { denied: 'dpop_proof_invalid', comparison };
  }
  // Negated: a value that is not a number is at no time.
  if (typeof iat !== 'number' || !(Math.abs(now - iat) <= PROOF_WINDOW_SECONDS)) {
    return deny(`iat within ${PROOF_WINDOW_SECONDS} s of ${Math.floor(now)}`, iat);
  }
  if (ath !== hash('sha256', accessToken, 'base64url')) {
    return deny('ath of the access token', ath === undefined ? ath : 'another value');
  }
  if (typeof jti !== 'string' || jti === '') return deny('jti', jti);
  const expiresAt = iat + PROOF_WINDOW_SECONDS;
  return { use: { accessToken, thumbprint, jti, expiresAt } };
}

function deny(expected: string, received: unknown): DeniedProof {
  const shown = typeof received === 'string' || typeof received === 'number' ? received : undefined;
  return { denied: 'dpop_proof_invalid', comparison: compare(expected, shown) };
}

const NOT_COMPACT = deny('a JWS in compact form', 'another value');
