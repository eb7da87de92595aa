import { Fault } from './errors';

/**
 * What the authorization server said of one access token. Facts are cached, decisions never: every
 * check runs again on every hit.
 */
export interface Facts {
  /** The phantom token: the signed JWT that stands for the access token inside. */
  readonly jwt: string;
  readonly claims: Claims;
}

/** The claims that decisions rest on, with absence and string-or-array modelled as such. */
export interface Claims {
  readonly iss: string | undefined;
  readonly aud: readonly string[];
  readonly sub: string | undefined;
  readonly clientId: string | undefined;
  readonly scopes: readonly string[];
  /** Epoch seconds. */
  readonly exp: number | undefined;
  /** Epoch seconds. */
  readonly nbf: number | undefined;
  /** The token is bound to its sender by a `cnf` claim (DPoP, mutual TLS). */
  readonly senderConstrained: boolean;
}

type JsonObject = Readonly<Record<string, unknown>>;

const BASE64URL = /^[A-Za-z0-9_-]+$/;

/**
 * Reads a JWT as facts.
 *
 * The signature is not checked here: the JWT came over TLS from the authorization server itself, and
 * the upstream API verifies it again.
 *
 * @throws Fault `introspection_response_invalid` if it is no JWS in compact form, is unsigned, is a
 * statement to the gateway instead of a token to forward, or has a malformed claim.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-3.1
 */
export function readPhantomToken(jwt: string): Facts {
  const [header, payload, signature, ...rest] = jwt.split('.');
  if (!header || !payload || !signature || rest.length > 0 || !BASE64URL.test(signature)) {
    throw invalid('the JWT is not a JWS in compact form');
  }
  const claims = decodeObject('payload', payload);
  assertForwardable(decodeObject('header', header), claims);
  return { jwt, claims: readClaims(claims) };
}

function assertForwardable(header: JsonObject, payload: JsonObject): void {
  const { alg, typ } = header;
  // https://www.rfc-editor.org/rfc/rfc8725#section-3.2
  if (typeof alg !== 'string' || alg.toLowerCase() === 'none') throw invalid('the JWT is unsigned');
  // A signed introspection response is addressed to the gateway and must never serve as a token.
  // https://www.rfc-editor.org/rfc/rfc9701#section-8.1
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : '';
  if (
    type === 'token-introspection+jwt' ||
    Object.hasOwn(payload, 'token_introspection') ||
    Object.hasOwn(payload, 'active')
  ) {
    throw invalid('the JWT is a signed introspection response, not an access token to forward');
  }
}

function readClaims(payload: JsonObject): Claims {
  return {
    iss: stringClaim(payload, 'iss'),
    aud: listClaim(payload, 'aud', (value) => [value]),
    sub: stringClaim(payload, 'sub'),
    clientId: stringClaim(payload, 'client_id'),
    scopes: listClaim(payload, 'scope', (value) => value.split(' ').filter(Boolean)),
    exp: timeClaim(payload, 'exp'),
    nbf: timeClaim(payload, 'nbf'),
    senderConstrained: payload['cnf'] !== undefined,
  };
}

function stringClaim(payload: JsonObject, name: string): string | undefined {
  const value = payload[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`the claim ${name} is not a string`);
}

/** A NumericDate. @see https://www.rfc-editor.org/rfc/rfc7519#section-2 */
function timeClaim(payload: JsonObject, name: string): number | undefined {
  const value = payload[name];
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw invalid(`the claim ${name} is not a number of seconds`);
}

/** `aud` may be a string or a list, and some servers send `scope` as a list. */
function listClaim(
  payload: JsonObject,
  name: string,
  fromString: (value: string) => readonly string[],
): readonly string[] {
  const value = payload[name];
  if (value === undefined) return [];
  if (typeof value === 'string') return fromString(value);
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string')) return value;
  throw invalid(`the claim ${name} is neither a string nor a list of strings`);
}

function decodeObject(part: string, encoded: string): JsonObject {
  if (!BASE64URL.test(encoded)) throw invalid(`the JWT's ${part} is not base64url`);
  const value = parseJson(part, Buffer.from(encoded, 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`the JWT's ${part} is not a JSON object`);
  }
  return value as JsonObject;
}

function parseJson(part: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which must reach no log.
    throw invalid(`the JWT's ${part} is not JSON`);
  }
}

function invalid(detail: string): Fault {
  return new Fault('introspection_response_invalid', detail);
}
