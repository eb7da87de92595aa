import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** An introspection endpoint to which every token is active; it answers with the same JWT at once. */
export function createAuthorizationServer(jwt: string) {
  const counts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const token = new URLSearchParams(await text(request)).get('token') ?? '';
    counts.set(token, (counts.get(token) ?? 0) + 1);
    response.writeHead(200, {
      'content-type': 'application/jwt',
      'content-length': Buffer.byteLength(jwt),
    });
    response.end(jwt);
  });
  /** Returns the number of introspections of a token. */
  const introspections = (token: string) => counts.get(token) ?? 0;
  return { server, introspections };
}
