import type { ClientAuthentication, ClientCredentials } from '../../lambda/core/client-credentials';
import {
  type ResponseRules,
  readIntrospectionResponse,
} from '../../lambda/core/introspection-response';
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
/** Responds with each answer once and repeats the last one. */
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
  readonly response?: ResponseRules;
  /** Credentials at the first read. `current` are those at later reads. */
  readonly known?: ClientCredentials;
  readonly current?: ClientCredentials;
}

/** Returns an introspection client with a frozen clock, for JWT responses by default. */
export function introspectionClient({
  known = secret('old'),
  current = known,
  response = { member: undefined, types: undefined },
  ...some
}: Some) {
  const clock = { now: NOW };
  const credentials = {
    get: jest.fn(async () => known),
    reread: jest.fn(async () => current),
  };
  const request = createIntrospectionClient({
    timeoutSeconds: 5,
    accept: 'application/jwt',
    parameters: {},
    clientAuthentication: { method: 'client_secret_basic', encoding: 'form' },
    caBundle: undefined,
    now: () => clock.now,
    steadyNow: () => clock.now,
    ...some,
    credentials,
  });
  const introspect = async (accessToken: string) =>
    readIntrospectionResponse(await request(accessToken), response);
  return { introspect, credentials, clock };
}

export const POST: ClientAuthentication = { method: 'client_secret_post' };

export const basicOf = ({ headers }: ReceivedRequest) =>
  Buffer.from(headers.authorization?.replace(/^Basic /, '') ?? '', 'base64').toString();

/** Returns the parameters of a form, with repetitions. */
export const formOf = ({ body }: ReceivedRequest) => [...new URLSearchParams(body)];
