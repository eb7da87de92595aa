import type { IncomingMessage, RequestListener, Server } from 'node:http';

/** Switch between a working and a failing server. */
export interface Outage {
  readonly active: boolean;
  begin(): void;
  end(): void;
}

/**
 * Lets a server of an AWS API fail on demand, as during an outage of the service: it then responds to every request
 * with 500. Listeners that are added later still see the requests.
 *
 * @param isExempt tells requests that succeed meanwhile.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function createOutage(
  server: Server,
  isExempt: (request: IncomingMessage) => boolean,
): Outage {
  let active = false;
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (!active || isExempt(request)) {
      for (const listener of listeners) listener(request, response);
      return;
    }
    request.resume();
    response.writeHead(500, { 'Content-Type': 'application/x-amz-json-1.0' });
    response.end('{"__type":"InternalServerError","message":"outage in local mode"}');
  });
  return {
    get active() {
      return active;
    },
    begin() {
      active = true;
    },
    end() {
      active = false;
    },
  };
}
