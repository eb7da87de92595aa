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
  ])('give 401 without a call when one is %s, even with the cache off', async (_, headers) => {
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
  });

  it('are values of headers, of the query string, of the context and of the stage', async () => {
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

describe('the result cache of an HTTP API', () => {
  it('replays a simple answer on every route, also on one it was never asked about', async () => {
    const { url, invocation, records } = await serveAuthorized(simple(true));
    await request(url, '/orders', asAlice);
    expect((await request(url, '/orders/7', asAlice)).status).toBe(200);
    expect(invocation).toHaveBeenCalledTimes(1);
    expect(records.map(({ authorizer }) => authorizer)).toEqual(['invoked', 'cached']);
  });

  it('keeps routes apart when $context.routeKey is an identity source', async () => {
    const { url, invocation } = await serveAuthorized(simple(true), {
      IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
    });
    for (const path of ['/orders', '/orders/7', '/orders/8', '/orders']) {
      await request(url, path, asAlice);
    }
    expect(invocation).toHaveBeenCalledTimes(2);
  });

  it('evaluates a replayed policy for each request', async () => {
    const { url, invocation } = await serveAuthorized(
      policy('Allow', '*/GET/orders'),
      policyResponses,
    );
    expect((await request(url, '/orders', asAlice)).status).toBe(200);
    expect((await request(url, '/orders/7', asAlice)).status).toBe(403);
    expect(invocation).toHaveBeenCalledTimes(1);
  });

  it('keeps a result to the millisecond of its TTL, and none when that is 0', async () => {
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

  it('can be emptied', async () => {
    const { url, invocation, gateway } = await serveAuthorized(simple(true));
    await request(url, '/orders', asAlice);
    gateway.flushAuthorizersCache();
    await request(url, '/orders', asAlice);
    expect(invocation).toHaveBeenCalledTimes(2);
  });
});

describe('an authorizer of an HTTP API', () => {
  it('lets a request pass and hands its context to the mapping', async () => {
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
  ])('denies with 403 by %s', async (_, invoke, authorizer) => {
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
  ])('is asked for the concrete route ARN, with %s', async (_, authorizer) => {
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
    ['answers nothing', async () => ({ payload: null }), {}],
    ['answers the string "false"', simple('false'), {}],
    ['answers the string "true"', simple('true'), {}],
    ['answers a policy where a boolean is due', policy('Allow', '*'), {}],
    ['answers a boolean where a policy is due', simple(true), policyResponses],
    ['uses the reserved context key claims', policy('Allow', '*', { claims: 'x' }), format1],
    ['has a map in a context of format 1.0', policy('Allow', '*', { a: { b: 1 } }), format1],
    ['answers more than 8 KB', simple(true, { jwt: 'x'.repeat(8192) }), {}],
  ])('that %s gives 500 and is asked again', async (_, invoke, authorizer) => {
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

  it('that throws Unauthorized gives 401 and is asked again', async () => {
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

  it('may answer with 8192 bytes of JSON', async () => {
    const bytes = 8192 - JSON.stringify({ isAuthorized: true, context: { jwt: '' } }).length;
    const { url } = await serveAuthorized(simple(true, { jwt: 'x'.repeat(bytes) }));
    expect((await request(url, '/orders', asAlice)).status).toBe(200);
  });

  it('without a permission is never invoked', async () => {
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

  it('that takes longer than 10 s gives 500', async () => {
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
      expect(log).toEqual([expect.stringContaining('did not answer in time')]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('leaves open routes alone', async () => {
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
