import { RESERVED_CLAIMS, SigningVariable, UNMINTABLE_MEMBERS } from '../contract';
import { secureUrl, stringMap } from './config-values';
import { isStringList, parseJsonObject } from './json';
import type { MintRules } from './minted-claims';

/** Longest time that a signature is expected to take, in milliseconds: a call of AWS KMS, and a retry. */
export const SIGNING_TIMEOUT_MS = 2000;

/** Minting of phantom tokens. */
export interface MintConfig extends MintRules {
  /** Form of the introspection response: JSON (RFC 7662), or a signed JWT (RFC 9701). */
  readonly response: 'json' | 'signed';
  /** The key that signs. */
  readonly key: { readonly secretArn: string } | { readonly kmsKeyArn: string };
}

/** Reads `TOKEN_MINT` and the variables that name the key. Returns `undefined` if one is invalid. */
export function mintConfig(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): MintConfig | undefined {
  const {
    response,
    issuer,
    audience,
    lifetimeSeconds,
    subject,
    claims = {},
  } = parseJsonObject(text) ?? {};
  const key = signingKey(environment);
  const rules = stringMap(JSON.stringify(claims));
  const isValid =
    (response === 'json' || response === 'signed') &&
    typeof issuer === 'string' &&
    secureUrl(issuer) !== undefined &&
    isStringList(audience) &&
    audience.length > 0 &&
    Number.isSafeInteger(lifetimeSeconds) &&
    Number(lifetimeSeconds) > 0 &&
    (subject === undefined || typeof subject === 'string');
  if (!isValid || key === undefined || rules === undefined || !areMintable(rules)) return undefined;
  const lifetime = Number(lifetimeSeconds);
  return { response, issuer, audience, lifetimeSeconds: lifetime, subject, claims: rules, key };
}

function areMintable(claims: Readonly<Record<string, string>>): boolean {
  return Object.entries(claims).every(
    ([claim, path]) =>
      claim !== '' &&
      !RESERVED_CLAIMS.includes(claim) &&
      !UNMINTABLE_MEMBERS.some((member) => path === member || path.startsWith(`${member}.`)),
  );
}

function signingKey({
  [SigningVariable.secretArn]: secretArn,
  [SigningVariable.kmsKeyArn]: kmsKeyArn,
}: Readonly<Record<string, string | undefined>>): MintConfig['key'] | undefined {
  if (secretArn && !kmsKeyArn) return { secretArn };
  return kmsKeyArn && !secretArn ? { kmsKeyArn } : undefined;
}
