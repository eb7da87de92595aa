import { createServer, request, type Server } from 'node:http';

/** Creates a proxy that adds an access token to each request, since the suite has none. */
export function createTokenProxy(target: URL, accessToken: string): Server {
  return createServer((incoming, response) => {
    const { method, url: path, headers } = incoming;
    const outgoing = request(new URL(String(path), target), {
      method,
      headers: { ...headers, authorization: `Bearer ${accessToken}` },
    });
    outgoing.on('response', (received) => {
      response.writeHead(received.statusCode ?? 502, received.rawHeaders);
      response.flushHeaders();
      received.on('error', () => response.destroy()).pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
}
