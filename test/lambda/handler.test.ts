import { setTimeout as sleep } from 'node:timers/promises';
import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import {
  bearer,
  type Deployment,
  everyRouteRequires,
  type Handler,
  invoke,
  type RequestOptions,
  rulesOfApi,
  STAGE,
  startDeployment,
} from '../support/deployment';
import { faultWith, thrownBy } from '../support/faults';
import { captureOutput } from '../support/output';
import { type Answer, deserted, startStubServer } from '../support/stub-server';
import { jws } from '../support/tokens';

let deployment: Deployment;
let output: ReturnType<typeof captureOutput>;
const outcomes: string[] = [];

beforeAll(async () => {
  deployment = await startDeployment();
});
beforeEach(() => {
  output = captureOutput();
  deployment.rotateSecret();
});
afterEach(async () => {
  output.stop();
  jest.restoreAllMocks();
  await deployment.emptyTable();
  // Lambda prints and reports whatever the function throws.
  const visible = [output.text(), ...outcomes.splice(0)].join('\n');
  expect(deployment.confidentialIn(visible)).toEqual([]);
});
afterAll(() => deployment.close());

/** The error a request ends with. */
async function failure(handle: Handler, options: RequestOptions): Promise<unknown> {
  const error: unknown = await invoke(handle, options).then(
    (result) => {
      throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
    },
    (reason) => reason,
  );
  outcomes.push(String(error), JSON.stringify(error), (error as Error).stack ?? '');
  return error;
}
const introspections = () => deployment.authorizationServer.requests.length;
const secretReads = () => deployment.secretsManager.requests.length;
const UNAUTHORIZED = expect.objectContaining({ message: 'Unauthorized' });

/** How many requests the authorization server gets meanwhile. */
async function introspectionsOf<T>(act: () => Promise<T>): Promise<number> {
  const before = introspections();
  await act();
  return introspections() - before;
}
/** Lets the clock stand so many seconds from now. */
function advance(seconds: number): void {
  const at = Date.now() + seconds * 1000;
  jest.spyOn(Date, 'now').mockReturnValue(at);
}

describe('a request without a usable credential', () => {
  it.each<[string, RequestOptions]>([
    ['no credential', {}],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['a malformed credential', { authorization: 'Bearer a&b' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a token over 4 KB', { authorization: `Bearer ${'a'.repeat(4097)}` }],
    ['several credentials', { authorization: ['Bearer a', 'Bearer a'] }],
  ])('a request with %s is denied without an introspection', async (_, options) => {
    const handle = deployment.start();
    const before = secretReads();

    const asked = await introspectionsOf(async () => {
      expect(await failure(handle, options)).toEqual(UNAUTHORIZED);
    });

    expect(asked).toBe(0);
    expect(secretReads()).toBe(before);
    expect(output.lines()).toMatchObject([
      {
        message: 'decided',
        outcome: 'unauthorized',
        source: 'request',
        reason: expect.stringMatching(/^(access_token_missing|credential_malformed)$/),
        function_request_id: 'function-request',
        api_request_id: 'api-request',
      },
    ]);
  });

  it('a token of 4 KB is introspected', async () => {
    const handle = deployment.start();

    const asked = await introspectionsOf(() => failure(handle, bearer('a'.repeat(4096))));

    expect(asked).toBe(1);
  });
});

describe('a request with an active token', () => {
  it('a request with an active token is allowed, with the JWT once and the context that the integration reads', async () => {
    const { accessToken, jwt } = await deployment.issue({ exp: 4_000_000_000 });

    const result = await invoke(deployment.start(), bearer(accessToken));

    expect(result).toEqual({
      principalId: 'alice',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${STAGE}/*` }],
      },
      context: {
        authorization: `Bearer ${jwt}`,
        sub: 'alice',
        client_id: 'shop',
        scope: 'read write',
        exp: 4_000_000_000,
      },
    });
    expect(JSON.stringify(result).split(jwt)).toHaveLength(2);
    expect(JSON.stringify(result)).not.toContain(accessToken);
  });

  it('a request with an active token is allowed on a path with colons', async () => {
    const { accessToken } = await deployment.issue();
    const options = { ...bearer(accessToken), path: '/orders/urn:a:b:c:d/e' };

    expect(await invoke(deployment.start(), options)).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Allow', Resource: `${STAGE}/*` }] },
    });
  });

  it('a request with an active token is logged once, with the caller and the source of the facts', async () => {
    const { accessToken } = await deployment.issue();
    const handle = deployment.start();
    await invoke(handle, bearer(accessToken));
    await invoke(handle, bearer(accessToken));

    expect(output.lines()).toMatchObject([
      {
        level: 'INFO',
        message: 'decided',
        outcome: 'allow',
        source: 'introspection',
        sub: 'alice',
        client_id: 'shop',
        function_request_id: 'function-request',
        api_request_id: 'api-request',
      },
    ]);
    expect(output.lines()[0]).not.toHaveProperty('scope');
  });

  it.each([
    ['has expired', { exp: 1_000_000_000 }, 'token_expired'],
    ['is not valid yet', { nbf: 4_000_000_000 }, 'token_not_yet_valid'],
    ['is of another issuer', { iss: 'https://evil.example.com' }, 'issuer_mismatch'],
    ['is for another audience', { aud: ['other'] }, 'audience_mismatch'],
    ['is bound to its sender', { cnf: { jkt: 'x' } }, 'token_sender_constrained'],
  ])('a request with an active token is denied if its JWT %s', async (_, claims, reason) => {
    const { accessToken } = await deployment.issue(claims);

    expect(await failure(deployment.start(), bearer(accessToken))).toEqual(UNAUTHORIZED);
    expect(output.lines()).toMatchObject([
      { outcome: 'unauthorized', reason, source: 'introspection' },
    ]);
  });

  it.each([
    ['60 s', 60],
    ['0 s', 0],
  ])(
    'a request with an active token is allowed up to %s before nbf if that is the tolerance',
    async (_, seconds) => {
      const now = Math.ceil(Date.now() / 1000);
      jest.spyOn(Date, 'now').mockReturnValue(now * 1000);
      const handle = deployment.start({ TOKEN_NOT_BEFORE_TOLERANCE_SECONDS: `${seconds}` });
      const within = await deployment.issue({ nbf: now + seconds });
      const beyond = await deployment.issue({ nbf: now + seconds + 1 });

      expect(await invoke(handle, bearer(within.accessToken))).toMatchObject({
        policyDocument: { Statement: [{ Effect: 'Allow' }] },
      });
      expect(await failure(handle, bearer(beyond.accessToken))).toEqual(UNAUTHORIZED);
      expect(output.lines()[1]).toMatchObject({
        reason: 'token_not_yet_valid',
        expected: `at most ${now + seconds}`,
        received: `${now + seconds + 1}`,
      });
    },
  );

  it('a request with an active token is denied from the moment of exp on, whatever the tolerance of nbf', async () => {
    const now = Math.ceil(Date.now() / 1000);
    jest.spyOn(Date, 'now').mockReturnValue(now * 1000);
    const handle = deployment.start({ TOKEN_NOT_BEFORE_TOLERANCE_SECONDS: '600' });
    const { accessToken } = await deployment.issue({ exp: now });

    expect(await failure(handle, bearer(accessToken))).toEqual(UNAUTHORIZED);
    expect(output.lines()).toMatchObject([{ reason: 'token_expired', received: `${now}` }]);
  });

  it('a request with an active token is forbidden, also from every cache, if a scope is missing', async () => {
    const { accessToken } = await deployment.issue({ scope: 'write' });
    const handle = deployment.start();
    const forbidden = {
      context: { required_scope: 'read' },
      principalId: 'alice',
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 'execute-api:Invoke', Resource: `${STAGE}/*` }],
      },
    };

    const asked = await introspectionsOf(async () => {
      expect(await invoke(handle, bearer(accessToken))).toEqual(forbidden);
      expect(await invoke(handle, bearer(accessToken))).toEqual(forbidden);
      expect(await invoke(deployment.start(), bearer(accessToken))).toEqual(forbidden);
    });

    expect(asked).toBe(1);
    expect(output.lines().map(({ outcome, reason, source }) => [outcome, reason, source])).toEqual([
      ['forbidden', 'insufficient_scope', 'introspection'],
      ['forbidden', 'insufficient_scope', 'memory'],
      ['forbidden', 'insufficient_scope', 'token_cache'],
    ]);
  });

  it('a request with an active token is a fault, never a cut token, if the JWT is too large', async () => {
    const handle = deployment.start();
    const bytes = async (length: number) => {
      const { accessToken } = await deployment.issue({
        exp: 4_000_000_000,
        pad: 'x'.repeat(length),
      });
      return invoke(handle, bearer(accessToken)).then(
        (result) => Buffer.byteLength(JSON.stringify(result)),
        (error) => error,
      );
    };

    // A third more in base64url, hence steps of one or two bytes.
    const empty = Number(await bytes(0));
    const fitting = Math.floor(((8192 - empty) * 3) / 4);
    expect(await bytes(fitting)).toBeGreaterThanOrEqual(8191);
    expect(await bytes(fitting)).toBeLessThanOrEqual(8192);
    expect(await bytes(fitting + 2)).toEqual(faultWith('phantom_token_too_large'));
  });
});

describe('routes that require different scopes', () => {
  const rules = {
    SCOPE_RULES: rulesOfApi(
      [[['read']], ['GET /orders/{id}']],
      [[['read', 'write']], ['ANY /orders/{id}']],
      [
        [
          ['read', 'admin'],
          ['read', 'root'],
        ],
        ['POST /admin'],
      ],
    ),
  };

  it('routes that require different scopes are each decided from the same facts', async () => {
    const { accessToken } = await deployment.issue({ scope: 'read write' });
    const handle = deployment.start(rules);
    const effect = async (method: string, resource: string) => {
      const options = { ...bearer(accessToken), method, resource, path: '/a/b' };
      const result = (await invoke(handle, options)) as APIGatewayAuthorizerResult;
      const [statement] = result.policyDocument.Statement;
      return [statement?.Effect, statement && 'Resource' in statement && statement.Resource];
    };
    const stage = `${STAGE}/*`;

    const asked = await introspectionsOf(async () => {
      expect(await effect('GET', '/orders/{id}')).toEqual(['Allow', stage]);
      expect(await effect('DELETE', '/orders/{id}')).toEqual(['Allow', stage]);
      expect(await effect('POST', '/admin')).toEqual(['Deny', stage]);
      expect(await effect('GET', '/orders/{id}')).toEqual(['Allow', stage]);
    });

    expect(asked).toBe(1);
    expect(output.lines().map(({ reason }) => reason)).toEqual([undefined, 'insufficient_scope']);
  });

  it('routes that no rule covers fail with a code, without an introspection', async () => {
    const options = { ...bearer(deployment.unknownToken()), method: 'GET', resource: '/admin' };
    const handle = deployment.start(rules);

    const asked = await introspectionsOf(async () => {
      expect(await failure(handle, options)).toEqual(faultWith('route_not_configured'));
    });

    expect(asked).toBe(0);
  });

  it('routes that require different scopes deny a token without the scope that all require', async () => {
    const { accessToken } = await deployment.issue({ scope: 'write admin root' });
    const options = { ...bearer(accessToken), method: 'POST', resource: '/admin', path: '/admin' };

    expect(await invoke(deployment.start(rules), options)).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Deny' }] },
    });
  });
});

describe('an authorization server whose response is neither active nor inactive', () => {
  const respond =
    (status: number, headers = {}, body = ''): Answer =>
    (response) => {
      response.writeHead(status, headers).end(body);
    };
  const jwtBody = (body: string) => respond(200, { 'content-type': 'application/jwt' }, body);

  it.each<[string, string, Answer]>([
    ['400', 'introspection_response_invalid', respond(400)],
    ['404', 'introspection_response_invalid', respond(404)],
    ['401', 'introspection_rejected_client', respond(401)],
    ['403', 'introspection_rejected_client', respond(403)],
    ['429', 'introspection_unavailable', respond(429)],
    ['500', 'introspection_unavailable', respond(500)],
    ['503', 'introspection_unavailable', respond(503, {}, 'try later')],
    [
      'HTML',
      'introspection_response_invalid',
      respond(200, { 'content-type': 'text/html' }, '<p>'),
    ],
    [
      'active as JSON',
      'introspection_response_invalid',
      respond(200, { 'content-type': 'application/json' }, '{"active":true}'),
    ],
    ['garbage', 'introspection_response_invalid', jwtBody('\0garbage')],
    ['an unsigned JWT', 'introspection_response_invalid', jwtBody(jws({}, { alg: 'none' }))],
    [
      'a signed introspection response',
      'introspection_response_invalid',
      jwtBody(jws({ token_introspection: { active: true } })),
    ],
    ['a body too large', 'introspection_response_invalid', jwtBody('x'.repeat(70_000))],
    ['nothing, and hangs up', 'introspection_unreachable', (response) => void response.destroy()],
  ])(
    'a request fails with a code if the authorization server responds with %s',
    async (_, code, answer) => {
      const accessToken = deployment.unknownToken();
      const handle = deployment.start();
      deployment.authorizationServer.answer(answer);

      const error = await failure(handle, bearer(accessToken));

      expect(error).toMatchObject({ code, message: expect.stringMatching(`^${code}: `) });
      expect(output.lines()).toMatchObject([
        {
          level: 'ERROR',
          code,
          message: expect.stringMatching(`^${code}: `),
          advice: expect.stringMatching(/\.$/),
          introspection_host: deployment.authorizationServer.url.host,
          function_request_id: 'function-request',
          api_request_id: 'api-request',
        },
      ]);
    },
  );

  it('a request fails if the authorization server redirects, and the target gets nothing', async () => {
    const target = await startStubServer('/', jwtBody(jws({})));
    const handle = deployment.start();
    deployment.authorizationServer.answer(respond(307, { location: target.url.href }));

    const error = await failure(handle, bearer(deployment.unknownToken()));
    await target.close();

    expect(error).toMatchObject({ code: 'introspection_response_invalid' });
    expect(target.requests).toHaveLength(0);
  });

  it('a request fails if the authorization server is down', async () => {
    const handle = deployment.start({ INTROSPECTION_ENDPOINT: (await deserted()).href });

    const error = await failure(handle, bearer(deployment.unknownToken()));

    expect(error).toMatchObject({ code: 'introspection_unreachable' });
    expect(output.lines()).toMatchObject([{ cause: expect.stringContaining('ECONNREFUSED') }]);
  });

  it('a request fails in time if the authorization server is slow', async () => {
    const handle = deployment.start({ INTROSPECTION_TIMEOUT_SECONDS: '0.2' });
    deployment.authorizationServer.answer(() => undefined);
    const began = performance.now();

    const error = await failure(handle, bearer(deployment.unknownToken()));

    expect(error).toMatchObject({ code: 'introspection_timed_out' });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('the authorization server is called again a second after a fault, and not before', async () => {
    const { accessToken } = await deployment.issue();
    const handle = deployment.start();
    deployment.authorizationServer.answer(respond(500));
    advance(0);
    await failure(handle, bearer(accessToken));
    await deployment.issue();

    advance(0.999);
    for (const environment of [handle, deployment.start()]) {
      expect(await failure(environment, bearer(accessToken))).toMatchObject({
        code: 'introspection_unavailable',
      });
    }
    advance(0.001);
    expect(await invoke(handle, bearer(accessToken))).toMatchObject({ principalId: 'alice' });
  });

  it('a failing authorization server does not affect a token that is cached', async () => {
    const { accessToken } = await deployment.issue();
    const handle = deployment.start();
    await invoke(handle, bearer(accessToken));
    deployment.authorizationServer.answer(respond(503));

    expect(await invoke(handle, bearer(accessToken))).toMatchObject({ principalId: 'alice' });
    expect(await invoke(deployment.start(), bearer(accessToken))).toMatchObject({
      principalId: 'alice',
    });
  });
});

/** Sets the time from which results are renewed to that of their expiry. */
function renewNothing(): void {
  jest.spyOn(Math, 'random').mockReturnValue(0);
}

describe('the caches', () => {
  it('the caches serve the second request from memory, without a call', async () => {
    const { accessToken } = await deployment.issue();
    const handle = deployment.start();
    const first = await invoke(handle, bearer(accessToken));
    const before = secretReads();

    const asked = await introspectionsOf(async () => {
      expect(await invoke(handle, bearer(accessToken))).toEqual(first);
    });

    expect([asked, secretReads() - before]).toEqual([0, 0]);
  });

  it('the caches serve a new execution environment from DynamoDB, then from its memory', async () => {
    const { accessToken } = await deployment.issue();
    const first = await invoke(deployment.start(), bearer(accessToken));
    const handle = deployment.start();
    output.clear();

    const asked = await introspectionsOf(async () => {
      expect(await invoke(handle, bearer(accessToken))).toEqual(first);
      await deployment.emptyTable();
      expect(await invoke(handle, bearer(accessToken))).toEqual(first);
    });

    expect(asked).toBe(0);
    expect(output.lines()).toMatchObject([{ source: 'token_cache', outcome: 'allow' }]);
  });

  it('the caches hold facts, not decisions: each request is decided by its own configuration', async () => {
    const { accessToken } = await deployment.issue();
    await invoke(deployment.start(), bearer(accessToken));

    const stricter = deployment.start({ SCOPE_RULES: everyRouteRequires('admin') });
    const elsewhere = deployment.start({ TOKEN_AUDIENCE: '["orders"]' });
    const asked = await introspectionsOf(async () => {
      expect(await invoke(stricter, bearer(accessToken))).toMatchObject({
        policyDocument: { Statement: [{ Effect: 'Deny' }] },
      });
      expect(await failure(elsewhere, bearer(accessToken))).toEqual(UNAUTHORIZED);
    });

    expect(asked).toBe(0);
  });

  it('the caches deny a token that expires while it is remembered', async () => {
    const { accessToken } = await deployment.issue({ exp: Math.floor(Date.now() / 1000) + 5 });
    const handle = deployment.start();
    await invoke(handle, bearer(accessToken));
    advance(6);

    expect(await failure(handle, bearer(accessToken))).toEqual(UNAUTHORIZED);
    expect(await failure(deployment.start(), bearer(accessToken))).toEqual(UNAUTHORIZED);
  });

  it('the caches treat an entry from its expiry on as absent, although DynamoDB still has it', async () => {
    const { accessToken } = await deployment.issue(
      {},
      { headers: { 'cache-control': 'max-age=20' } },
    );
    renewNothing();
    const handle = deployment.start();
    await invoke(handle, bearer(accessToken));
    expect(await deployment.items()).toHaveLength(1);

    advance(18);
    expect(await introspectionsOf(() => invoke(handle, bearer(accessToken)))).toBe(0);
    expect(await introspectionsOf(() => invoke(deployment.start(), bearer(accessToken)))).toBe(0);
    advance(3);
    expect(await introspectionsOf(() => invoke(deployment.start(), bearer(accessToken)))).toBe(1);
    expect(await introspectionsOf(() => invoke(handle, bearer(accessToken)))).toBe(0);
  });

  it('the caches keep nothing that the authorization server forbids to store, unless configured to', async () => {
    const { accessToken } = await deployment.issue(
      {},
      { headers: { 'cache-control': 'no-store' } },
    );
    const handle = deployment.start();
    await invoke(handle, bearer(accessToken));

    expect(await introspectionsOf(() => invoke(handle, bearer(accessToken)))).toBe(1);
    const items = await deployment.items();
    expect(items.filter((item) => 'sealed' in item)).toHaveLength(0);

    const ignoring = deployment.start({ CACHE_CONTROL: 'ignore' });
    await invoke(ignoring, bearer(accessToken));
    expect(await introspectionsOf(() => invoke(ignoring, bearer(accessToken)))).toBe(0);
  });

  it('the caches are off for active tokens where the ceiling is 0', async () => {
    const { accessToken } = await deployment.issue();
    const handle = deployment.start({ CACHE_MAX_TTL_SECONDS: '0' });
    await invoke(handle, bearer(accessToken));

    expect(await introspectionsOf(() => invoke(handle, bearer(accessToken)))).toBe(1);
    expect(await deployment.items()).toHaveLength(0);
  });

  it('the caches remember an inactive token for as long as configured', async () => {
    const accessToken = deployment.unknownToken();
    await deployment.issue();
    const handle = deployment.start();
    const began = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(Math.ceil(began / 1000) * 1000);
    const denied = async () => {
      expect(await failure(handle, bearer(accessToken))).toEqual(UNAUTHORIZED);
    };

    expect(await introspectionsOf(denied)).toBe(1);
    expect(await introspectionsOf(denied)).toBe(0);
    advance(9.999);
    expect(await introspectionsOf(denied)).toBe(0);
    advance(0.001);
    expect(await introspectionsOf(denied)).toBe(1);
    expect(output.lines()[1]).toMatchObject({ source: 'memory', reason: 'token_inactive' });
  });

  it('the caches remember no inactive token where that is turned off', async () => {
    const accessToken = deployment.unknownToken();
    await deployment.issue();
    const handle = deployment.start({ CACHE_INACTIVE_TTL_SECONDS: '0' });
    await failure(handle, bearer(accessToken));

    expect(await introspectionsOf(() => failure(handle, bearer(accessToken)))).toBe(1);
  });

  it('the caches keep facts that lack the checked audience no longer than an inactive token', async () => {
    const { accessToken } = await deployment.issue({ aud: undefined });
    renewNothing();
    const handle = deployment.start();
    jest.spyOn(Date, 'now').mockReturnValue(Math.ceil(Date.now() / 1000) * 1000);
    const denied = async () => {
      expect(await failure(handle, bearer(accessToken))).toEqual(UNAUTHORIZED);
    };

    expect(await introspectionsOf(denied)).toBe(1);
    advance(9.999);
    expect(await introspectionsOf(denied)).toBe(0);
    expect(await introspectionsOf(() => failure(deployment.start(), bearer(accessToken)))).toBe(0);
    advance(0.001);
    expect(await introspectionsOf(denied)).toBe(1);
    expect(output.lines()[0]).toMatchObject({
      reason: 'audience_mismatch',
      expected: 'api.example.com',
      received: '(absent)',
    });
  });

  it('the caches serve no facts of a deployment that checks other claims', async () => {
    const { accessToken } = await deployment.issue({ aud: undefined });
    await invoke(deployment.start({ TOKEN_AUDIENCE: undefined }), bearer(accessToken));

    const checking = deployment.start();
    const asked = await introspectionsOf(() => failure(checking, bearer(accessToken)));

    expect(asked).toBe(1);
  });

  it('the caches serve no facts of a version that kept other members of a response', async () => {
    const { accessToken } = await deployment.issue();
    jest.resetModules();
    jest.doMock('../../lambda/core/claims', () => {
      const actual = jest.requireActual('../../lambda/core/claims');
      return { ...actual, CLAIM_NAMES: actual.CLAIM_NAMES.slice(0, -1) };
    });
    const { composeFunction } = require('../../lambda/composition');
    await invoke(deployment.compose({}, composeFunction).handler, bearer(accessToken));
    jest.dontMock('../../lambda/core/claims');

    const handle = deployment.start();

    expect(await introspectionsOf(() => invoke(handle, bearer(accessToken)))).toBe(1);
  });

  it('the caches share one introspection among concurrent requests, whatever its outcome', async () => {
    const { accessToken } = await deployment.issue();
    const handle = deployment.start();
    const all = () =>
      Promise.allSettled(Array.from({ length: 20 }, () => invoke(handle, bearer(accessToken))));
    deployment.authorizationServer.answer(async (response) => {
      await sleep(20);
      response.writeHead(500).end();
    });

    expect(
      await introspectionsOf(async () => {
        for (const { status } of await all()) expect(status).toBe('rejected');
      }),
    ).toBe(1);

    await deployment.issue();
    advance(1);
    expect(
      await introspectionsOf(async () => {
        for (const { status } of await all()) expect(status).toBe('fulfilled');
      }),
    ).toBe(1);
  });

  it('the caches do not mix up concurrent requests with different tokens', async () => {
    const subjects = ['alice', 'bob', 'carol'];
    const issued = await Promise.all(subjects.map((sub) => deployment.issue({ sub })));
    const handle = deployment.start();

    const results = (await Promise.all(
      issued.map(({ accessToken }) => invoke(handle, bearer(accessToken))),
    )) as APIGatewayAuthorizerResult[];

    expect(results.map(({ principalId }) => principalId)).toEqual(subjects);
    expect(results.map(({ context }) => context?.['authorization'])).toEqual(
      issued.map(({ jwt }) => `Bearer ${jwt}`),
    );
  });

  it('the caches keep nothing of token, JWT or secret in plaintext', async () => {
    const { accessToken, jwt } = await deployment.issue();
    await invoke(deployment.start(), bearer(accessToken));

    const [item, ...others] = await deployment.items();
    expect(others).toHaveLength(0);
    expect(Object.keys(item ?? {}).sort()).toEqual([
      'expires_at',
      'id',
      'lease_id',
      'sealed',
      'ttl',
    ]);
    const bytes = Buffer.from(item?.['sealed']?.B ?? []);
    const everything = [JSON.stringify(item), bytes.toString('latin1'), bytes.toString('base64')];
    const pieces = [accessToken, jwt, Buffer.from(jwt).toString('base64')].flatMap((text) =>
      text.match(/.{12}/g),
    );
    expect(deployment.confidentialIn(everything.join('\n'))).toEqual([]);
    for (const text of [...pieces, 'alice', 'shop']) {
      expect(everything.join('\n')).not.toContain(text);
    }
  });

  it('the caches are useless to the holder of another token', async () => {
    const alice = await deployment.issue({ sub: 'alice' });
    const mallory = await deployment.issue({ sub: 'mallory' });
    await invoke(deployment.start(), bearer(alice.accessToken));
    const [aliceItem = {}] = await deployment.items();
    await deployment.emptyTable();
    await invoke(deployment.start(), bearer(mallory.accessToken));
    const [malloryItem = {}] = await deployment.items();
    const id = malloryItem['id'] ?? { S: '' };
    await deployment.putItem({ ...aliceItem, id });

    const asked = await introspectionsOf(async () => {
      const handle = deployment.start();
      expect(await invoke(handle, bearer(mallory.accessToken))).toMatchObject({
        principalId: 'mallory',
      });
    });

    expect(asked).toBe(1);
    expect(output.lines()).toContainEqual(
      expect.objectContaining({ level: 'WARN', message: 'token_cache_failed', operation: 'open' }),
    );
  });

  it('the caches miss if an entry was given a longer lifetime', async () => {
    const { accessToken } = await deployment.issue();
    await invoke(deployment.start(), bearer(accessToken));
    const [item = {}] = await deployment.items();
    await deployment.putItem({ ...item, expires_at: { N: '4000000000' } });

    expect(await introspectionsOf(() => invoke(deployment.start(), bearer(accessToken)))).toBe(1);
  });

  it('the caches are not shared by configurations with other endpoints', async () => {
    const { accessToken } = await deployment.issue();
    await invoke(deployment.start(), bearer(accessToken));
    const endpoint = new URL('/other', deployment.authorizationServer.url).href;
    const elsewhere = deployment.start({ INTROSPECTION_ENDPOINT: endpoint });

    expect(await introspectionsOf(() => invoke(elsewhere, bearer(accessToken)))).toBe(1);
    expect(deployment.authorizationServer.requests.at(-1)?.path).toBe('/other');
  });

  it.each([
    ['is missing', async () => ({ TOKEN_CACHE_TABLE: 'nowhere' })],
    ['is down', async () => ({ AWS_ENDPOINT_URL_DYNAMODB: (await deserted()).href })],
  ])('requests do not fail if the table %s', async (_, environment) => {
    const { accessToken } = await deployment.issue();
    const handle = deployment.start(await environment());

    expect(await invoke(handle, bearer(accessToken))).toMatchObject({ principalId: 'alice' });
    expect(await introspectionsOf(() => invoke(handle, bearer(accessToken)))).toBe(0);
    expect(output.lines()).toMatchObject([
      { level: 'WARN', message: 'token_cache_failed', operation: 'read' },
      { message: 'decided', outcome: 'allow', source: 'introspection', TokenCacheFaults: 1 },
    ]);
  });

  it('requests do not wait if the table does not respond', async () => {
    const silent = await startStubServer('/', () => undefined);
    const { accessToken } = await deployment.issue();
    const handle = deployment.start({
      AWS_ENDPOINT_URL_DYNAMODB: silent.url.href,
      CACHE_TIMEOUT_MILLISECONDS: '100',
    });
    const began = performance.now();

    expect(await invoke(handle, bearer(accessToken))).toMatchObject({ principalId: 'alice' });
    expect(performance.now() - began).toBeLessThan(8000);
    await silent.close();
  });
});

describe('the client secret', () => {
  it('the client secret is read once for many tokens', async () => {
    const issued = [await deployment.issue(), await deployment.issue(), await deployment.issue()];
    const handle = deployment.start();
    const before = secretReads();
    for (const { accessToken } of issued) await invoke(handle, bearer(accessToken));

    expect(secretReads() - before).toBe(1);
  });

  it('the client secret is read again when the authorization server refuses it after a rotation', async () => {
    const [one, two] = [await deployment.issue(), await deployment.issue()];
    const handle = deployment.start();
    await invoke(handle, bearer(one.accessToken));
    advance(6);
    deployment.rotateSecret();

    const asked = await introspectionsOf(async () => {
      expect(await invoke(handle, bearer(two.accessToken))).toMatchObject({ principalId: 'alice' });
    });

    expect(asked).toBe(2);
  });

  it('the client secret opens the entries that were sealed after a rotation', async () => {
    const { accessToken } = await deployment.issue();
    const handle = deployment.start();
    await invoke(handle, bearer((await deployment.issue()).accessToken));
    advance(6);
    deployment.rotateSecret();
    await invoke(handle, bearer(accessToken));

    expect(await introspectionsOf(() => invoke(deployment.start(), bearer(accessToken)))).toBe(0);
  });

  it.each([
    ['is missing', undefined, 'credentials_unavailable'],
    ['is the random string of a new secret', 'Sesame-7f3a', 'credentials_invalid'],
    ['lacks the client secret', '{"client_id":"gateway"}', 'credentials_invalid'],
  ])(
    'requests fail, without an introspection, if the client secret %s',
    async (_, secret, code) => {
      deployment.setSecret(secret);
      const handle = deployment.start();

      const asked = await introspectionsOf(async () => {
        expect(await failure(handle, bearer(deployment.unknownToken()))).toMatchObject({ code });
      });

      expect(asked).toBe(0);
      expect(output.lines()).toMatchObject([
        { level: 'ERROR', code, advice: expect.stringContaining('secret') },
      ]);
      expect(output.text()).not.toContain('Sesame');
    },
  );

  it('a client secret that is repaired works without a new execution environment', async () => {
    const { accessToken } = await deployment.issue();
    deployment.setSecret('not set yet');
    const handle = deployment.start();
    await failure(handle, bearer(accessToken));
    deployment.rotateSecret();

    expect(await invoke(handle, bearer(accessToken))).toMatchObject({ principalId: 'alice' });
  });
});

describe('a faulty configuration', () => {
  it('a faulty configuration fails the execution environment at its start, and every fault is logged', () => {
    const error = thrownBy(() =>
      deployment.start({ INTROSPECTION_ENDPOINT: 'http://login.example.com', CACHE_CONTROL: 'x' }),
    );

    expect(error).toEqual(faultWith('configuration_invalid', 'INTROSPECTION_ENDPOINT must be'));
    expect(output.lines()).toMatchObject([
      {
        level: 'ERROR',
        code: 'configuration_invalid',
        message: expect.stringContaining('CACHE_CONTROL must be'),
        advice: expect.any(String),
      },
    ]);
  });
});

describe('an event that is not of an API', () => {
  it('an event that is not of an API fails with a code, and its ARN is not printed', async () => {
    const { accessToken } = await deployment.issue();
    const handle = deployment.start();
    const error = await handle(
      {
        type: 'REQUEST',
        methodArn: `Bearer ${accessToken}`,
        headers: { authorization: `Bearer ${accessToken}` },
        requestContext: {},
      } as never,
      {} as never,
    ).catch((reason) => reason);
    outcomes.push(String(error));

    expect(error).toEqual(faultWith('event_invalid'));
  });
});
