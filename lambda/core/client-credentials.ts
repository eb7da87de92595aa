import { Fault } from './errors';
import { type JsonObject, parseJsonObject } from './json';
import { readStrings, withoutLineBreak } from './secret-members';

/** Client authentication at the introspection endpoint, with its options. */
export type ClientAuthentication =
  | {
      /** @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
      readonly method: 'client_secret_basic';
      /** `raw` for servers that do not decode what RFC 6749 has us encode. */
      readonly encoding: 'form' | 'raw';
    }
  | { readonly method: 'client_secret_post' }
  | {
      /** @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2 */
      readonly method: 'private_key_jwt';
      /** Audience of the assertion. */
      readonly audience: string;
      /** `undefined` for the key's own. */
      readonly algorithm: 'PS256' | 'ES256' | 'RS256' | 'EdDSA' | undefined;
    }
  /** @see https://www.rfc-editor.org/rfc/rfc8705#section-2 */
  | { readonly method: 'tls_client_auth' }
  /** @see https://www.rfc-editor.org/rfc/rfc7662#section-2.1 (an access token that authorizes the call) */
  | { readonly method: 'bearer' }
  /** An endpoint that only the network protects. */
  | { readonly method: 'none' };

/** Minimum length of `cache_key`, so that it cannot be brute-forced. */
const MIN_CACHE_KEY_LENGTH = 32;

/**
 * Bearer token, safe in a header.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
const BEARER_TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** Client credentials at the authorization server: the members of the secret. */
export type ClientCredentials = {
  /** Empty if the method names no client. */
  readonly clientId: string;
  /** The secret part as text, whatever it is: two credentials with the same are the same. */
  readonly secret: string;
  /** Key of the token cache; absent where it is sealed with the secret part. */
  readonly cacheKey?: string;
} & (
  | { readonly kind: 'secret' | 'bearer' | 'none' }
  | {
      readonly kind: 'key';
      /** PEM, or a private JWK. */
      readonly privateKey: string | JsonObject;
      readonly keyId: string | undefined;
    }
  | { readonly kind: 'certificate'; readonly certificate: string; readonly privateKey: string }
);

/**
 * Reads the secret's JSON as the credentials that a method takes.
 *
 * @throws Fault `credentials_invalid` that names the members that are missing or of another type. It quotes
 * no value: that may be the secret in the wrong shape.
 */
export function parseClientCredentials(
  text: string,
  method: ClientAuthentication['method'],
): ClientCredentials {
  const members = parseJsonObject(text);
  if (members === undefined) throw invalid('the secret is not a JSON object');
  return { ...credentialsOf(members, method), ...readCacheKey(members) };
}

/**
 * Returns whether the token cache is sealed with a secret that is short enough to be guessed. A holder of
 * one access token who can read the table could test guesses offline.
 */
export function isCacheKeyWeak({ cacheKey, secret }: ClientCredentials): boolean {
  return (cacheKey ?? secret).length < MIN_CACHE_KEY_LENGTH;
}

function credentialsOf(
  members: JsonObject,
  method: ClientAuthentication['method'],
): ClientCredentials {
  switch (method) {
    case 'client_secret_basic':
    case 'client_secret_post': {
      const [clientId, secret] = strings(members, ['client_id', 'client_secret']);
      return { kind: 'secret', clientId, secret };
    }
    case 'tls_client_auth': {
      const names = ['client_id', 'private_key', 'certificate'] as const;
      const [clientId, privateKey, certificate] = strings(members, names);
      return { kind: 'certificate', clientId, secret: privateKey, certificate, privateKey };
    }
    case 'private_key_jwt':
      return keyCredentials(members);
    case 'bearer': {
      const [secret] = strings(members, ['bearer_token']);
      if (!BEARER_TOKEN.test(secret)) throw invalid('bearer_token must be a bearer token');
      return { kind: 'bearer', clientId: '', secret };
    }
    case 'none': {
      const [secret] = strings(members, ['cache_key']);
      return { kind: 'none', clientId: '', secret };
    }
  }
}

function readCacheKey({ cache_key: cacheKey }: JsonObject): { readonly cacheKey?: string } {
  if (cacheKey === undefined) return {};
  const text = typeof cacheKey === 'string' ? withoutLineBreak(cacheKey) : '';
  if (text.length >= MIN_CACHE_KEY_LENGTH) return { cacheKey: text };
  throw invalid(`cache_key must be a string of at least ${MIN_CACHE_KEY_LENGTH} characters`);
}

function keyCredentials(members: JsonObject): ClientCredentials {
  const { private_key: key, key_id: keyId } = members;
  const jwk = typeof key === 'object' && key !== null ? (key as JsonObject) : undefined;
  // A JWK is checked for by its text, so that one missing member does not hide another.
  const asText = jwk === undefined ? members : { ...members, private_key: JSON.stringify(jwk) };
  const [clientId, secret] = strings(asText, ['client_id', 'private_key']);
  const ownKeyId = jwk?.['kid'] ?? keyId;
  return {
    kind: 'key',
    clientId,
    secret,
    privateKey: jwk ?? secret,
    keyId: typeof ownKeyId === 'string' ? ownKeyId : undefined,
  };
}

function strings<const Names extends readonly string[]>(
  members: JsonObject,
  names: Names,
): { [Index in keyof Names]: string } {
  const values = readStrings(members, names);
  if ('problem' in values) throw invalid(values.problem);
  return values;
}

function invalid(detail: string): Fault {
  return new Fault('credentials_invalid', detail);
}
