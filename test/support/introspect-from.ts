import type { Answer } from './stub-server';

/** Responds to introspection as Curity does. Access tokens that are not in the map are inactive. */
export function introspectFrom(phantomTokens: ReadonlyMap<string, string>): Answer {
  return (response, { body }) => {
    const jwt = phantomTokens.get(new URLSearchParams(body).get('token') ?? '');
    if (jwt) response.writeHead(200, { 'content-type': 'application/jwt' }).end(jwt);
    else response.writeHead(204).end();
  };
}
