import { invalidResponse } from './errors';
import { type JsonObject, parseJsonObject } from './json';

/** Text in base64url without padding. */
export const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Header and payload of a JWS in compact form. Its signature is not verified. */
export interface DecodedJws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
}

/** Header, payload and signature of a JWS, each in base64url. */
type Parts = readonly [header: string, payload: string, signature: string];

/** Splits a JWS in compact form. Returns `undefined` for text of other than three parts, or without a signature. */
export function splitJws(jws: string): Parts | undefined {
  const parts = jws.split('.');
  return isThree(parts) && BASE64URL.test(parts[2]) ? parts : undefined;
}

function isThree(parts: readonly string[]): parts is Parts {
  return parts.length === 3;
}

/**
 * Decodes a signed JWT.
 *
 * @throws Fault `introspection_response_invalid` if it is not a JWS in compact form, or is unsigned.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-3.1
 */
export function decodeJws(jws: string): DecodedJws {
  const parts = splitJws(jws);
  if (parts === undefined) throw invalidResponse('the JWT is not a JWS in compact form');
  const [header, payload] = parts;
  const decoded = {
    header: decodeObject('header', header),
    payload: decodeObject('payload', payload),
  };
  const { alg } = decoded.header;
  // https://www.rfc-editor.org/rfc/rfc8725#section-3.2
  if (typeof alg !== 'string' || alg.toLowerCase() === 'none')
    throw invalidResponse('the JWT is unsigned');
  return decoded;
}

/** Case does not matter, nor the prefix. @see https://www.rfc-editor.org/rfc/rfc7515#section-4.1.9 */
export function normalizeType(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}

/** Decodes a part of a JWS that is a JSON object in base64url. Returns `undefined` for anything else. */
export function decodePart(encoded: string): JsonObject | undefined {
  if (!BASE64URL.test(encoded)) return undefined;
  return parseJsonObject(Buffer.from(encoded, 'base64url').toString('utf8'));
}

function decodeObject(part: string, encoded: string): JsonObject {
  const object = decodePart(encoded);
  if (object === undefined)
    throw invalidResponse(`the JWT's ${part} is not a JSON object in base64url`);
  return object;
}
