import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * Introspection endpoint to which every token is active. It responds with the same JWT, or with the claims of the JWT
 * as JSON, by the `Accept` header. A GET request gets the key set.
 */
export function createAuthorizationServer(jwt: string, jwks: object) {
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
  const json = JSON.stringify({ active: true, token_type: 'Bearer', ...claims });
  const counts = new Map<string, number>();
  const listener: RequestListener = async (request, response) => {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(jwks));
      return;
    }
    const token = new URLSearchParams(await text(request)).get('token') ?? '';
    counts.set(token, (counts.get(token) ?? 0) + 1);
    const type = request.headers.accept ?? '';
    const body = type === 'application/json' ? json : jwt;
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  };
  /** Returns the number of introspections of a token. */
  const introspections = (token: string) => counts.get(token) ?? 0;
  return { listener, introspections };
}
