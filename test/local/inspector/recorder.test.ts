import type { IntrospectionExchange } from '../../../local/authorization-server/introspection-exchange';
import type { AwsCall } from '../../../local/aws/operation-observer';
import type { HeaderField } from '../../../local/gateway/request/message';
import type { RequestEvent } from '../../../local/inspector/events/model';
import { createRecorder } from '../../../local/inspector/events/recorder';
import type { ObservedInvocation } from '../../../local/lambda/environment-pool';
import { EMPTY_LOG } from '../../../local/requests/authorizer-log';
import type { ServedExchange } from '../../../local/stack/stack-observer';

const JWT = `${part({ alg: 'RS256' })}.${part({ iss: 'https://login.example.com', exp: 90 })}.c2ln`;
const CACHE_KEY = 'result';

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

const events: RequestEvent[] = [];
let recorder: ReturnType<typeof createRecorder>;

beforeEach(() => {
  events.length = 0;
  recorder = createRecorder((event) => events.push(event));
});

const awsCall = (accessKeyId: string, operation: string): AwsCall => ({
  ...{ operation, accessKeyId, receivedAtMs: 1, durationMs: 1, status: 200 },
  bodies: { request: '{}', response: '{}' },
});

const invocation = (requestId: string, accessKeyId: string, changes: object = {}) =>
  ({
    definition: { environment: {} },
    accessKeyId,
    startedAtMs: 0,
    isColdStart: true,
    event: { type: 'REQUEST', requestContext: { requestId, apiId: 'api' } },
    ...changes,
  }) as unknown as ObservedInvocation;

const introspection = (token: string): IntrospectionExchange => ({
  ...{ token, receivedAtMs: 2, durationMs: 3 },
  request: { path: '/introspect', headers: {}, form: {} },
  response: { status: 200, headers: {}, body: JWT },
});

const exchange = (
  id: string,
  token: string,
  {
    source = 'introspection',
    ports = {},
    headers = [],
    body = Buffer.alloc(0),
  }: { source?: string; ports?: object; headers?: readonly HeaderField[]; body?: Buffer } = {},
) =>
  ({
    api: 'Api',
    record: {
      ...{ requestId: id, receivedAtMs: 0, durationMs: 9, status: 200, resource: '/' },
      authorizer: source === 'result_cache' ? 'cached' : 'invoked',
      ...(source !== 'result_cache' && {
        authorizerCall: { functionArn: 'arn', latency: 7, status: 200 },
      }),
      source,
      log: { ...EMPTY_LOG, introspectionsMs: source === 'introspection' ? [3] : [] },
    },
    request: {
      method: 'GET',
      sentPath: '/',
      query: '',
      headers: [['Authorization', `Bearer ${token}`], ...headers],
      body,
    },
    response: { status: 200, headers: [], body: Buffer.from('{}') },
    ports: { lookups: [], stores: [], functionCalls: [], upstreamCalls: [], ...ports },
  }) as unknown as ServedExchange;

const callsOf = (id: string) => {
  const { authorizer } = events.find((event) => event.id === id) ?? {};
  return authorizer?.calls.map((call) => ('operation' in call ? call.operation : call.to));
};

test('calls of concurrent requests belong to the request whose environment made them', () => {
  recorder.onAwsCall('DynamoDB', awsCall('one', 'GetItem'));
  recorder.onAwsCall('DynamoDB', awsCall('two', 'UpdateItem'));
  recorder.onAwsCall('Secrets Manager', awsCall('one', 'GetSecretValue'));
  recorder.onInvocation(invocation('second', 'two'));
  recorder.onInvocation(invocation('first', 'one'));
  recorder.onExchange(exchange('first', 'a', { source: 'token_cache' }));
  recorder.onExchange(exchange('second', 'b', { source: 'token_cache' }));

  expect(callsOf('first')).toEqual(['GetItem', 'GetSecretValue']);
  expect(callsOf('second')).toEqual(['UpdateItem']);
});

test('an introspection belongs to the request with its token that caused it', () => {
  recorder.onIntrospection(introspection('a'));
  recorder.onIntrospection(introspection('b'));
  recorder.onExchange(exchange('waited', 'a', { source: 'token_cache' }));
  recorder.onExchange(exchange('caused', 'a'));

  expect(callsOf('waited')).toEqual([]);
  expect(callsOf('caused')).toEqual(['authorization-server']);
  expect(events.at(-1)?.jwt).toBe(JWT);
});

test('an introspection at another server has its duration only', () => {
  recorder.onExchange(exchange('one', 'a'));

  expect(events[0]?.authorizer?.calls).toEqual([{ to: 'authorization-server', durationMs: 3 }]);
});

test('a replayed result names the request that it was made for, with its checks and JWT', () => {
  const stores = [{ key: CACHE_KEY, ttlSeconds: 60, storedAtMs: 1000 }];
  const lookups = (hit: boolean) => [{ key: CACHE_KEY, hit }];
  recorder.onIntrospection(introspection('a'));
  recorder.onExchange(exchange('first', 'a', { ports: { lookups: lookups(false), stores } }));
  const hit = { source: 'result_cache', ports: { lookups: lookups(true) } };
  recorder.onExchange(exchange('second', 'a', hit));

  const [first, second] = events;
  expect(first?.resultCache).toEqual({ verdict: 'miss', lifetime: { fromMs: 1000, toMs: 61_000 } });
  expect(second).toMatchObject({
    resultCache: { verdict: 'hit', replays: 'first', lifetime: { fromMs: 1000, toMs: 61_000 } },
    decision: { outcome: 'allow' },
    jwt: JWT,
  });
  expect(second?.checks).toEqual(first?.checks);
  expect(second?.authorizer).toBeUndefined();
});

test('a call of Secrets Manager has no value of a secret', () => {
  recorder.onAwsCall('Secrets Manager', {
    ...awsCall('one', 'GetSecretValue'),
    bodies: { request: '{}', response: '{"SecretString":"s3cret"}' },
  });
  recorder.onInvocation(invocation('first', 'one'));
  recorder.onExchange(exchange('first', 'a'));

  expect(callsOf('first')).toContain('GetSecretValue');
  expect(JSON.stringify(events)).not.toContain('s3cret');
});

test('calls from between two invocations belong to no request', () => {
  const later = { startedAtMs: 2, isColdStart: false };
  recorder.onAwsCall('Secrets Manager', awsCall('one', 'GetSecretValue'));
  recorder.onInvocation(invocation('cold', 'one', { startedAtMs: 2 }));
  recorder.onAwsCall('DynamoDB', awsCall('one', 'UpdateItem'));
  recorder.onAwsCall('DynamoDB', { ...awsCall('one', 'GetItem'), receivedAtMs: 2 });
  recorder.onInvocation(invocation('warm', 'one', later));
  recorder.onExchange(exchange('cold', 'a', { source: 'token_cache' }));
  recorder.onExchange(exchange('warm', 'a', { source: 'token_cache' }));

  expect(callsOf('cold')).toEqual(['GetSecretValue']);
  expect(callsOf('warm')).toEqual(['GetItem']);
});

test('an environment that is never invoked keeps its latest 100 calls at most', () => {
  const first = awsCall('one', 'PutItem');
  for (const call of [first, ...Array(100).fill(awsCall('one', 'GetItem'))]) {
    recorder.onAwsCall('DynamoDB', call);
  }
  recorder.onInvocation(invocation('first', 'one'));
  recorder.onExchange(exchange('first', 'a', { source: 'token_cache' }));

  expect(callsOf('first')).toEqual(Array(100).fill('GetItem'));
});

test('the start of a body is shown, without a character that is cut', () => {
  const body = Buffer.from(`x${'é'.repeat(10_000)}`);
  recorder.onExchange(exchange('one', 'a', { body }));

  const shown = events[0]?.client.body;
  expect(shown?.bytes).toBe(20_001);
  expect(shown?.text).toBe(`x${'é'.repeat(8191)}`);
});

describe('phantom token of a request', () => {
  const proof = `${part({ typ: 'dpop+jwt' })}.${part({ htm: 'GET' })}.c2ln`;
  const sessionCookie = `session=${part({})}.${part({ sub: 'someone' })}.c2ln`;
  const upstreamCalls = [
    {
      request: {
        ...{ method: 'GET', origin: new URL('http://127.0.0.1:1'), target: '/' },
        headers: [
          ['Cookie', sessionCookie],
          ['DPoP', proof],
          ['Authorization', `Bearer ${JWT}`],
        ],
      },
      response: { status: 200, headers: [] },
      durationMs: 1,
    },
  ];
  const authorizerCall = (context: object) => ({
    functionArn: 'arn',
    event: { type: 'REQUEST' },
    result: { payload: { context } },
    durationMs: 1,
  });

  it('the JWT of the result is the phantom token, not that of another header', () => {
    const functionCalls = [authorizerCall({ sub: sessionCookie, authorization: `Bearer ${JWT}` })];
    recorder.onExchange(exchange('one', 'a', { ports: { functionCalls, upstreamCalls } }));

    expect(events[0]?.jwt).toBe(JWT);
    expect(events[0]?.upstream?.jwtHeader).toBe('Authorization');
  });

  it('the JWT of the result on HTTP APIs is the phantom token', () => {
    const functionCalls = [authorizerCall({ sub: sessionCookie, jwt: JWT })];
    recorder.onExchange(exchange('one', 'a', { ports: { functionCalls, upstreamCalls } }));

    expect(events[0]?.jwt).toBe(JWT);
  });

  it('a JWT of the client is not a phantom token on a public route', () => {
    const call = { ...upstreamCalls[0] };
    recorder.onExchange(
      exchange('one', 'a', { source: 'request', ports: { upstreamCalls: [call] } }),
    );

    expect(events[0]?.jwt).toBeUndefined();
    expect(events[0]?.upstream?.jwtHeader).toBeUndefined();
  });
});
