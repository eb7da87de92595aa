import { KeySetPath } from '../contract';
import type { ReadPublicKeys } from './public-keys';

/** Event of a Lambda proxy integration in payload format 1.0. */
export interface KeySetEvent {
  /** Path of the route. */
  readonly resource: string;
}

/** Response of a Lambda proxy integration. */
export interface DocumentResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'public, max-age=300',
  // Public data, readable by browsers.
  'Access-Control-Allow-Origin': '*',
};

/**
 * Creates the handler of the documents that publish the signing keys. If the keys cannot be read it throws, so that no
 * cache keeps the response.
 */
export function createDocumentHandler(readKeys: ReadPublicKeys, issuer: string) {
  const documents: Readonly<Record<string, () => Promise<object>>> = {
    async [KeySetPath.keySet]() {
      return { keys: await readKeys() };
    },
    /** @see https://www.rfc-editor.org/rfc/rfc8414#section-2 */
    async [KeySetPath.metadata]() {
      return { issuer, jwks_uri: `${issuer.replace(/\/$/, '')}${KeySetPath.keySet}` };
    },
  };

  return async function respond({ resource }: KeySetEvent): Promise<DocumentResponse> {
    const document = Object.hasOwn(documents, resource) ? documents[resource] : undefined;
    if (document === undefined)
      throw new Error(`resource must be a published path, got: ${resource}`);
    return { statusCode: 200, headers: HEADERS, body: JSON.stringify(await document()) };
  };
}
