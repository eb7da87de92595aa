import { isJsonObject, type JsonObject, parseJsonObject } from './json';

/** Maximum time of a fetch of a key set, and of a verification with all its fetches, in milliseconds. */
export const KEY_SET_TIMEOUT_MS = 3000;

/**
 * Reads the public keys of a JWK set. Entries that are not keys are skipped, and so are private and symmetric
 * keys: a published one is compromised.
 *
 * @throws Error if the text is not a JWK set.
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
export function readPublicKeys(text: string): JsonObject[] {
  const keys = parseJsonObject(text)?.['keys'];
  if (!Array.isArray(keys)) throw new Error('the response is not a JWK set');
  return keys.filter(isPublicKey);
}

/** @see https://www.rfc-editor.org/rfc/rfc7518#section-6 */
function isPublicKey(key: unknown): key is JsonObject {
  return (
    isJsonObject(key) && 'kty' in key && key['kty'] !== 'oct' && !('d' in key) && !('k' in key)
  );
}
