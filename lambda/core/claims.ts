import { invalidResponse } from './errors';
import type { JsonObject } from './json';

/** The claims that decisions rest on; `undefined` where one is absent. Times are epoch seconds. */
export interface Claims {
  readonly iss: string | undefined;
  readonly aud: readonly string[] | undefined;
  readonly sub: string | undefined;
  readonly clientId: string | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly exp: number | undefined;
  readonly nbf: number | undefined;
  /** The token is bound to its sender (DPoP, mutual TLS). */
  readonly senderConstrained: boolean;
}

/** The members of an introspection response, and claims of a JWT, that are read. */
export const CLAIM_NAMES: readonly string[] = [
  'iss',
  'aud',
  'sub',
  'client_id',
  'scope',
  'exp',
  'nbf',
  'cnf',
  'token_type',
];

/**
 * Reads claims from a JWT's payload or an introspection response, which name them alike.
 *
 * @throws Fault `introspection_response_invalid` if one is malformed.
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.2
 * @see https://www.rfc-editor.org/rfc/rfc9068#section-2.2
 */
export function readClaims(source: JsonObject): Claims {
  const tokenType = source['token_type'];
  return {
    iss: readString(source, 'iss'),
    aud: readList(source, 'aud', (value) => [value]),
    sub: readString(source, 'sub'),
    clientId: readString(source, 'client_id'),
    scopes: readList(source, 'scope', (value) => value.split(' ').filter(Boolean)),
    exp: readTime(source, 'exp'),
    nbf: readTime(source, 'nbf'),
    // https://www.rfc-editor.org/rfc/rfc9449#section-6.2
    senderConstrained:
      source['cnf'] !== undefined ||
      (typeof tokenType === 'string' && tokenType.toLowerCase() === 'dpop'),
  };
}

/**
 * Combines what an introspection response says with what the JWT in it says. Where both speak, the
 * stricter wins: the earlier end, the later beginning, only scopes and audiences that both name. They
 * may not disagree on who is meant.
 *
 * @throws Fault `introspection_response_invalid` if `iss`, `sub` or `client_id` differ.
 */
export function combineClaims(jwt: Claims, stated: Claims): Claims {
  return {
    iss: agreed('iss', jwt.iss, stated.iss),
    aud: common(jwt.aud, stated.aud),
    sub: agreed('sub', jwt.sub, stated.sub),
    clientId: agreed('client_id', jwt.clientId, stated.clientId),
    scopes: common(jwt.scopes, stated.scopes),
    exp: choose(Math.min, jwt.exp, stated.exp),
    nbf: choose(Math.max, jwt.nbf, stated.nbf),
    senderConstrained: jwt.senderConstrained || stated.senderConstrained,
  };
}

function agreed(name: string, one: string | undefined, other: string | undefined) {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  throw invalidResponse(`the introspection response and its JWT disagree on ${name}`);
}

function common(one: readonly string[] | undefined, other: readonly string[] | undefined) {
  return one && other ? one.filter((entry) => other.includes(entry)) : (one ?? other);
}

function choose(
  stricter: (one: number, other: number) => number,
  one: number | undefined,
  other: number | undefined,
): number | undefined {
  return one !== undefined && other !== undefined ? stricter(one, other) : (one ?? other);
}

function readString(source: JsonObject, name: string): string | undefined {
  const value = source[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalidResponse(`${name} is not a string`);
}

/** A NumericDate. @see https://www.rfc-editor.org/rfc/rfc7519#section-2 */
function readTime(source: JsonObject, name: string): number | undefined {
  const value = source[name];
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw invalidResponse(`${name} is not a number of seconds`);
}

/** `aud` may be a string or a list, and some servers send `scope` as a list. */
function readList(
  source: JsonObject,
  name: string,
  fromString: (value: string) => readonly string[],
): readonly string[] | undefined {
  const value = source[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string') return fromString(value);
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  throw invalidResponse(`${name} is neither a string nor a list of strings`);
}
