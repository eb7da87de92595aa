import {
  httpAuthorizer,
  policyResponses,
  protectedBy,
  serveAuthorized,
  serveHttpProxy,
} from '../support/http-template';
import { request, seenHeader } from '../support/servers';
import { permission } from '../support/template';

const asAlice = { headers: ['Authorization', 'Bearer opaque'] };
const simple = (isAuthorized: unknown, context?: object) => async () => ({
  payload: { isAuthorized, ...(context && { context }) },
});
const policy = (Effect: string, Resource: string, context?: object) => async () => ({
  payload: {
    principalId: 'alice',
    policyDocument: { Statement: [{ Effect, Action: 'execute-api:Invoke', Resource }] },
    ...(context && { context }),
  },
});
const format1 = { AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: false };

describe('identity sources of an HTTP API', () => {
  it.each([
    ['missing', []],
    ['empty', ['Authorization', '']],
  ])(
    'returns 401 without an invocation when an identity source is %s, with the cache on or off',
    async (_, headers) => {
      const { url, invocation, records, seen } = await serveAuthorized(simple(true), {
        AuthorizerResultTtlInSeconds: 0,
      });
      expect(await request(url, '/orders', { headers })).toMatchObject({
        status: 401,
        body: '{"message":"Unauthorized"}',
      });
      expect(records).toMatchObject([
        { authorizer: 'identity-missing', gatewayResponse: 'UNAUTHORIZED' },
      ]);
      expect(invocation).not.toHaveBeenCalled();
      expect(seen).toEqual([]);
    },
  );

  it('identity sources can be headers, query parameters, context and stage variables', async () => {
    const { url, invocation } = await serveAuthorized(simple(true), {
      IdentitySource: [
        '$request.header.AUTHORIZATION',
        '$request.querystring.q',
        '$context.routeKey',
        '$context.identity.sourceIp',
      ],
    });
    await request(url, '/orders/7?q=a%20b&q=c', asAlice);
    expect(invocation.mock.calls[0]?.[1]).toMatchObject({
      identitySource: ['Bearer opaque', 'a b,c', 'GET /orders/{id}', '127.0.0.1'],
    });
    expect((await request(url, '/orders/7?Q=a', asAlice)).status).toBe(401);
  });
});

describe('result cache of an HTTP API', () => {
  it('the result cache reuses a simple response for every route, also for a route without an invocation', async () => {
    const { url, invocation, records } = await serveAuthorized(simple(true));
    await request(url, '/orders', asAlice);
    expect((await request(url, '/orders/7', asAlice)).status).toBe(200);
    expect(invocation).toHaveBeenCalledTimes(1);
    expect(records.map(({ authorizer }) => authorizer)).toEqual(['invoked', 'cached']);
  });

  it('the result cache separates routes when $context.routeKey is an identity source', async () => {
    const { url, invocation } = await serveAuthorized(simple(true), {
      IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
    });
    for (const path of ['/orders', '/orders/7', '/orders/8', '/orders']) {
      await request(url, path, asAlice);
    }
    expect(invocation).toHaveBeenCalledTimes(2);
  });

  it('a cached policy is evaluated for each request to an HTTP API', async () => {
    const { url, invocation } = await serveAuthorized(
      policy('Allow', '*/GET/orders'),
      policyResponses,
    );
    expect((await request(url, '/orders', asAlice)).status).toBe(200);
    expect((await request(url, '/orders/7', asAlice)).status).toBe(403);
    expect(invocation).toHaveBeenCalledTimes(1);
  });

  it('the result cache keeps a result until its TTL, to the millisecond, and none for a TTL of 0', async () => {
    let now = 1_800_000_000_000;
    const options = { now: () => now };
    const ttl = { AuthorizerResultTtlInSeconds: 60 };
    const kept = await serveAuthorized(simple(true), ttl, options);
    await request(kept.url, '/orders', asAlice);
    now += 59_999;
    await request(kept.url, '/orders', asAlice);
    expect(kept.invocation).toHaveBeenCalledTimes(1);
    now += 1;
    await request(kept.url, '/orders', asAlice);
    expect(kept.invocation).toHaveBeenCalledTimes(2);

    const off = await serveAuthorized(simple(true), { AuthorizerResultTtlInSeconds: 0 });
    await request(off.url, '/orders', asAlice);
    await request(off.url, '/orders', asAlice);
    expect(off.invocation).toHaveBeenCalledTimes(2);
  });

  it('flushAuthorizersCache empties the result cache of an HTTP API', async () => {
    const { url, invocation, gateway } = await serveAuthorized(simple(true));
    await request(url, '/orders', asAlice);
    gateway.flushAuthorizersCache();
    await request(url, '/orders', asAlice);
    expect(invocation).toHaveBeenCalledTimes(2);
  });
});

describe('authorizer of an HTTP API', () => {
  it('an allowed request reaches the upstream with mapped values of the authorizer context', async () => {
    const { url, seen, records } = await serveAuthorized(simple(true, { jwt: 'a.b.c' }));
    expect((await request(url, '/orders', asAlice)).status).toBe(200);
    expect(seenHeader(seen[0], 'x-phantom-token')).toEqual(['a.b.c']);
    expect(records).toMatchObject([{ authorizer: 'invoked', resource: 'GET /orders' }]);
    expect(records[0]).not.toHaveProperty('gatewayResponse');
  });

  it.each([
    ['isAuthorized: false', simple(false), {}],
    ['a Deny', policy('Deny', '*'), policyResponses],
    ['a policy for another route', policy('Allow', '*/POST/orders'), policyResponses],
    ['a policy for another stage', policy('Allow', '*/v1/GET/orders'), policyResponses],
    ['a Deny in format 1.0', policy('Deny', '*'), format1],
  ])('returns 403 for an authorizer result with %s', async (_, invoke, authorizer) => {
    const { url, records, seen } = await serveAuthorized(invoke, authorizer);
    expect(await request(url, '/orders', asAlice)).toMatchObject({
      status: 403,
      body: '{"message":"Forbidden"}',
    });
    expect(records).toMatchObject([{ authorizer: 'invoked', gatewayResponse: 'ACCESS_DENIED' }]);
    expect(seen).toEqual([]);
  });

  it.each([
    ['policies of format 2.0', policyResponses],
    ['policies of format 1.0', format1],
  ])('policies are evaluated for the ARN of the requested path, with %s', async (_, authorizer) => {
    const allow = policy(
      'Allow',
      'arn:aws:execute-api:us-east-1:000000000000:*/$default/GET/orders/7',
    );
    const { url } = await serveAuthorized(allow, authorizer);
    expect((await request(url, '/orders/7', asAlice)).status).toBe(200);
    expect((await request(url, '/orders/8', asAlice)).status).toBe(403);
  });

  it.each([
    ['throws', async () => ({ error: { errorType: 'Error', errorMessage: 'boom' } }), {}],
    [
      'throws another case of unauthorized',
      async () => ({ error: { errorType: 'Error', errorMessage: 'unauthorized' } }),
      {},
    ],
    ['cannot be invoked', () => Promise.reject(new Error('no such function')), {}],
    ['returns null', async () => ({ payload: null }), {}],
    ['returns the string "false"', simple('false'), {}],
    ['returns the string "true"', simple('true'), {}],
    ['returns a policy instead of a boolean', policy('Allow', '*'), {}],
    ['returns a boolean instead of a policy', simple(true), policyResponses],
    ['uses the reserved context key claims', policy('Allow', '*', { claims: 'x' }), format1],
    ['has a map in a context of format 1.0', policy('Allow', '*', { a: { b: 1 } }), format1],
    ['returns more than 8 KB', simple(true, { jwt: 'x'.repeat(8192) }), {}],
  ])('returns 500 and caches nothing when the authorizer %s', async (_, invoke, authorizer) => {
    const { url, invocation, records, seen, log } = await serveAuthorized(invoke, authorizer);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await request(url, '/orders', asAlice)).toMatchObject({
        status: 500,
        body: '{"message":"Internal Server Error"}',
      });
    }
    expect(invocation).toHaveBeenCalledTimes(2);
    expect(records).toMatchObject(
      [0, 1].map(() => ({ gatewayResponse: 'AUTHORIZER_CONFIGURATION_ERROR' })),
    );
    expect(seen).toEqual([]);
    expect(log.join()).not.toMatch(/boom|opaque/);
  });

  it('returns 401 and caches nothing when the authorizer throws Unauthorized', async () => {
    const invoke = async () => ({ error: { errorType: 'Error', errorMessage: 'Unauthorized' } });
    const { url, invocation, seen } = await serveAuthorized(invoke);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await request(url, '/orders', asAlice)).toMatchObject({
        status: 401,
        body: '{"message":"Unauthorized"}',
      });
    }
    expect(invocation).toHaveBeenCalledTimes(2);
    expect(seen).toEqual([]);
  });

  it('accepts an authorizer result of 8192 bytes of JSON', async () => {
    const bytes = 8192 - JSON.stringify({ isAuthorized: true, context: { jwt: '' } }).length;
    const { url } = await serveAuthorized(simple(true, { jwt: 'x'.repeat(bytes) }));
    expect((await request(url, '/orders', asAlice)).status).toBe(200);
  });

  it('an authorizer of an HTTP API is not invoked without a permission', async () => {
    const invoke = jest.fn();
    const { url, log } = await serveHttpProxy({
      routes: { 'GET /orders': protectedBy },
      uri: '/',
      extra: {
        Permission: permission({ SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:other/*' }),
      },
      options: { invoke },
    });
    expect((await request(url, '/orders', asAlice)).status).toBe(500);
    expect(invoke).not.toHaveBeenCalled();
    expect(log).toEqual([expect.stringContaining('no AWS::Lambda::Permission')]);
  });

  it('returns 500 when the authorizer takes longer than 10 s', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });
    try {
      let asked: () => void = () => {};
      const called = new Promise<void>((resolve) => {
        asked = resolve;
      });
      const { url, log } = await serveAuthorized(() => {
        asked();
        return new Promise(() => {});
      });
      const pending = request(url, '/orders', asAlice);
      await called;
      jest.advanceTimersByTime(9_999);
      await new Promise((resolve) => setImmediate(resolve));
      expect(log).toEqual([]);
      jest.advanceTimersByTime(1);
      expect((await pending).status).toBe(500);
      expect(log).toEqual([expect.stringContaining('the authorizer timed out after 10000 ms')]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('public routes of an HTTP API are served without the authorizer', async () => {
    const invoke = jest.fn();
    const { url, records } = await serveHttpProxy({
      routes: { 'GET /orders': protectedBy, 'GET /health': { AuthorizationType: 'NONE' } },
      uri: '/',
      extra: { Authorizer: httpAuthorizer() },
      options: { invoke },
    });
    expect((await request(url, '/health')).status).toBe(200);
    expect(records).toMatchObject([{ authorizer: 'none', resource: 'GET /health' }]);
    expect(invoke).not.toHaveBeenCalled();
  });
});
