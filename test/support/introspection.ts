import type { ClientAuthentication, ClientCredentials } from '../../lambda/core/client-credentials';
import {
  createIntrospectionClient,
  type IntrospectionClientOptions,
} from '../../lambda/io/authorization-server/introspection-client';
import type { Answer, ReceivedRequest } from './stub-server';
import { jws, NOW } from './tokens';

export const JWT = jws({ sub: 'alice' });
export const YES = { facts: { jwt: JWT } };

export const yes: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/jwt' }).end(JWT);
};
export const status =
  (code: number, headers = {}): Answer =>
  (response) => {
    response.writeHead(code, headers).end();
  };
/** One answer after the other; the last again and again. */
export function inTurn(...answers: Answer[]): Answer {
  let count = 0;
  return (response, request) => {
    const answer = answers[Math.min(count, answers.length - 1)];
    count += 1;
    return answer?.(response, request);
  };
}

export const secret = (clientSecret: string): ClientCredentials => ({
  kind: 'secret',
  clientId: 'gateway',
  secret: clientSecret,
});

interface Some extends Partial<Omit<IntrospectionClientOptions, 'endpoint' | 'credentials'>> {
  readonly endpoint: URL;
  /** What is known of the secret, and what it holds when it is read again. */
  readonly known?: ClientCredentials;
  readonly current?: ClientCredentials;
}

/** A client with a clock that stands, for a server that answers with JWTs unless told otherwise. */
export function introspectionClient({ known = secret('old'), current = known, ...some }: Some) {
  const clock = { now: NOW };
  const credentials = {
    get: jest.fn(async () => known),
    reread: jest.fn(async () => current),
  };
  const introspect = createIntrospectionClient({
    timeoutSeconds: 5,
    accept: 'application/jwt',
    parameters: {},
    response: { member: undefined, types: undefined },
    clientAuthentication: { method: 'client_secret_basic', encoding: 'form' },
    caBundle: undefined,
    now: () => clock.now,
    steadyNow: () => clock.now,
    ...some,
    credentials,
  });
  return { introspect, credentials, clock };
}

export const POST: ClientAuthentication = { method: 'client_secret_post' };

export const basicOf = ({ headers }: ReceivedRequest) =>
  Buffer.from(headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();

/** The form of a request, each parameter as often as it is there. */
export const formOf = ({ body }: ReceivedRequest) => [...new URLSearchParams(body)];
