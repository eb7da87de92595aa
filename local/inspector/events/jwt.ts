import { parseJson } from '../../json';
import type { Claims } from './checks';

/** Signed JWT in compact form. */
const JWT = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/;

/** Finds a JWT in a text. */
export function findJwt(text: string): string | undefined {
  return JWT.exec(text)?.[0];
}

/** Returns the claims of a JWT without verifying it. */
export function claimsOf(jwt: string | undefined): Claims {
  const [, payload] = jwt?.split('.') ?? [];
  const claims = parseJson(payload && Buffer.from(payload, 'base64url').toString('utf8'));
  return typeof claims === 'object' && claims !== null ? (claims as Claims) : {};
}
