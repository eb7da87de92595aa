import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * Introspection endpoint to which every token is active. It responds immediately with the same JWT, or with the claims
 * of the JWT as JSON, by the `Accept` header.
 */
export function createAuthorizationServer(jwt: string) {
  const claims = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
  const json = JSON.stringify({ active: true, token_type: 'Bearer', ...claims });
  const counts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const token = new URLSearchParams(await text(request)).get('token') ?? '';
    counts.set(token, (counts.get(token) ?? 0) + 1);
    const type = request.headers.accept ?? '';
    const body = type === 'application/json' ? json : jwt;
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
  /** Returns the number of introspections of a token. */
  const introspections = (token: string) => counts.get(token) ?? 0;
  return { server, introspections };
}
