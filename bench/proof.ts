import {
  generateKeyPairSync,
  hash,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { createProofVerifier, type ProofContext } from '../lambda/core/dpop-proof';
import { type Compared, compared } from './compared';
import { cpuMicroseconds, interleave, rounds } from './sample';

/**
 * Processor time of the verification of a DPoP proof by ES256, in microseconds. The reference is the verification of
 * the signature alone.
 */
export interface ProofTimes {
  /** The key is known from an earlier proof. */
  readonly known: Compared;
  /** First proof of a key in an execution environment. */
  readonly first: Compared;
}

interface SignedProof {
  readonly text: string;
  readonly key: KeyObject;
  readonly context: ProofContext;
}

const KEYS = 100;
const ROUNDS = rounds(60);
const WARM_UP_ROUNDS = rounds(10);

const ORIGIN = 'https://api.example.com';
const ACCESS_TOKEN = 'V1StGXR8_Z5jdHi6B-myTV1StGXR8_Z5jdHi6B-myT0';
const NOW = 1_800_000_000;

/** Measures verifications, each round with every key once. */
export async function measureProofs(): Promise<ProofTimes> {
  const proofs = Array.from({ length: KEYS }, newProof);
  const knows = createProofVerifier();
  const contenders = {
    known: () => each(proofs, ({ text, context }) => 'use' in knows(text, context)),
    // A verifier that knows no key.
    first: () => each(proofs, ({ text, context }) => 'use' in createProofVerifier()(text, context)),
    signature: () => each(proofs, isSignatureGood),
  };
  await interleave(WARM_UP_ROUNDS, contenders, cpuMicroseconds);
  const { known, first, signature } = await interleave(ROUNDS, contenders, cpuMicroseconds);
  return {
    known: compared({ ours: known, reference: signature }, KEYS),
    first: compared({ ours: first, reference: signature }, KEYS),
  };
}

function each(proofs: readonly SignedProof[], isGood: (proof: SignedProof) => boolean): void {
  if (!proofs.every(isGood)) throw new Error('a proof was denied');
}

function isSignatureGood({ text, key }: SignedProof): boolean {
  const end = text.lastIndexOf('.');
  const signature = Buffer.from(text.slice(end + 1), 'base64url');
  const signed = Buffer.from(text.slice(0, end), 'latin1');
  return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function newProof(): SignedProof {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk });
  const ath = hash('sha256', ACCESS_TOKEN, 'base64url');
  const claims = encode({
    jti: '-BwC3ESc6acc2lTc',
    htm: 'GET',
    htu: `${ORIGIN}/orders/1`,
    iat: NOW,
    ath,
  });
  const signed = `${header}.${claims}`;
  const options = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  const signature = sign('sha256', Buffer.from(signed), options).toString('base64url');
  return {
    text: `${signed}.${signature}`,
    key: publicKey,
    context: {
      method: 'GET',
      urls: [{ base: ORIGIN, origin: ORIGIN, path: '/orders/1', encoding: 'kept' }],
      accessToken: ACCESS_TOKEN,
      thumbprints: [thumbprint(jwk)],
      now: NOW,
    },
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function thumbprint({ crv, kty, x, y }: JsonWebKey): string {
  return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
}
