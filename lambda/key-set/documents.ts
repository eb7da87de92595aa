import { KeySetPath, PUBLIC_PREFLIGHT_HEADERS } from '../contract';
import type { ReadPublicKeys } from './public-keys';

/** Event of a Lambda proxy integration in payload format 1.0. */
export interface DocumentEvent {
  /** Path of the route. */
  readonly resource: string;
  readonly httpMethod?: string;
}

/** Response of a Lambda proxy integration. */
export interface DocumentResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Functions that return the documents, by their paths. */
export type Documents = Readonly<Record<string, () => Promise<object>>>;

const HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'public, max-age=300',
  // Public data, readable by browsers.
  'Access-Control-Allow-Origin': '*',
};

const PREFLIGHT: DocumentResponse = {
  statusCode: 204,
  headers: PUBLIC_PREFLIGHT_HEADERS,
  body: '',
};

/** Returns the documents that publish the signing keys. */
export function keySetDocuments(readKeys: ReadPublicKeys, issuer: string): Documents {
  return {
    async [KeySetPath.keySet]() {
      return { keys: await readKeys() };
    },
    /** @see https://www.rfc-editor.org/rfc/rfc8414#section-2 */
    async [KeySetPath.metadata]() {
      return { issuer, jwks_uri: `${issuer.replace(/\/$/, '')}${KeySetPath.keySet}` };
    },
  };
}

/** Creates the handler of documents. It throws if one cannot be read, so that no cache keeps the response. */
export function createDocumentHandler(documents: Documents) {
  return async function respond({
    resource,
    httpMethod,
  }: DocumentEvent): Promise<DocumentResponse> {
    const document = Object.hasOwn(documents, resource) ? documents[resource] : undefined;
    if (document === undefined)
      throw new Error(`resource must be a published path, got: ${resource}`);
    if (httpMethod === 'OPTIONS') return PREFLIGHT;
    return { statusCode: 200, headers: HEADERS, body: JSON.stringify(await document()) };
  };
}
