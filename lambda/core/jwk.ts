import { hash } from 'node:crypto';
import type { JsonObject } from './json';

/** Algorithms that phantom tokens are signed with. */
export type SigningAlgorithm = 'ES256' | 'EdDSA' | 'PS256' | 'RS256';

/** Members of a JWK of one kind: with the private ones, it can sign by these algorithms. */
interface KeyKind {
  readonly algorithms: readonly SigningAlgorithm[];
  /** Fixed members. */
  readonly type: Readonly<Record<string, string>>;
  readonly public: readonly string[];
  readonly private: readonly string[];
}

/** @see https://www.rfc-editor.org/rfc/rfc7518#section-6 and https://www.rfc-editor.org/rfc/rfc8037#section-2 */
const KEY_KINDS: readonly KeyKind[] = [
  {
    algorithms: ['ES256'],
    type: { kty: 'EC', crv: 'P-256' },
    public: ['x', 'y'],
    private: ['d'],
  },
  { algorithms: ['EdDSA'], type: { kty: 'OKP', crv: 'Ed25519' }, public: ['x'], private: ['d'] },
  {
    algorithms: ['PS256', 'RS256'],
    type: { kty: 'RSA' },
    public: ['n', 'e'],
    // All primes: Node.js reads no RSA key without them.
    private: ['d', 'p', 'q', 'dp', 'dq', 'qi'],
  },
];

/** Returns whether phantom tokens can be signed by an algorithm. */
export function isSigningAlgorithm(name: string): name is SigningAlgorithm {
  return KEY_KINDS.some(({ algorithms }) => algorithms.some((algorithm) => algorithm === name));
}

/** Returns the algorithm of a private JWK; `undefined` if the JWK cannot sign by the one that it names. */
export function signingAlgorithmOf(jwk: JsonObject): SigningAlgorithm | undefined {
  const kind = kindOf(jwk);
  const complete = kind && [...kind.public, ...kind.private].every((name) => isText(jwk[name]));
  return complete ? kind.algorithms.find((algorithm) => algorithm === jwk['alg']) : undefined;
}

/** Returns the members of a JWK that define its public key, and no others. */
export function publicMembers(jwk: JsonObject): JsonObject {
  const kind = kindOf(jwk);
  if (kind === undefined) throw new Error('the key is of a type that signs no phantom tokens');
  return {
    ...kind.type,
    ...Object.fromEntries(kind.public.map((name) => [name, jwk[name]])),
  };
}

/**
 * Returns the SHA-256 thumbprint of a key: the same for its private and its public JWK.
 * @see https://www.rfc-editor.org/rfc/rfc7638#section-3
 */
export function thumbprint(jwk: JsonObject): string {
  const members = publicMembers(jwk);
  // The list of names sets the order of the members.
  const json = JSON.stringify(members, Object.keys(members).sort());
  return hash('sha256', json, 'base64url');
}

function kindOf(jwk: JsonObject): KeyKind | undefined {
  return KEY_KINDS.find(({ type }) =>
    Object.entries(type).every(([name, value]) => jwk[name] === value),
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
