import { allInactiveHint, NOT_CACHED_HINT } from '../../lambda/core/operator-hints';
import {
  type Deployment,
  everyRouteRequires,
  type Handler,
  invoke,
  startDeployment,
} from '../support/deployment';
import { status } from '../support/introspection';
import { captureOutput } from '../support/output';
import { deserted } from '../support/stub-server';

let deployment: Deployment;
let output: ReturnType<typeof captureOutput>;

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
  expect(deployment.confidentialIn(output.text())).toEqual([]);
});
afterAll(() => deployment.close());

const at = (path: string) => new URL(path, deployment.authorizationServer.url).href;
const startMember = (environment: Record<string, string> = {}) =>
  deployment.start({
    INTROSPECTION_ENDPOINT: at('/json'),
    INTROSPECTION_ACCEPT: 'application/json',
    INTROSPECTION_RESPONSE_MEMBER: 'phantom_token',
    ...environment,
  });
const startVerifying = (environment: Record<string, string> = {}) =>
  deployment.start({ TOKEN_JWKS_URI: at('/jwks'), ...environment });
const call = (handle: Handler, accessToken: string) =>
  invoke(handle, { authorization: `Bearer ${accessToken}` });
const requestsOf = (path: string) =>
  deployment.authorizationServer.requests.filter((request) => request.path === path).length;
const NO_SCOPE = { scope: undefined } as unknown as { scope: string };
const ALLOW = { policyDocument: { Statement: [{ Effect: 'Allow' }] } };
const DENY = { policyDocument: { Statement: [{ Effect: 'Deny' }] } };

describe('a JWT in a member of JSON', () => {
  it('a JWT in a member of JSON is forwarded, with scopes that only the JSON has', async () => {
    const { accessToken, jwt } = await deployment.issue(NO_SCOPE, {
      stated: { scope: 'read write', username: 'alice' },
    });

    expect(await call(startMember(), accessToken)).toMatchObject({
      ...ALLOW,
      context: { authorization: `Bearer ${jwt}`, scope: 'read write', sub: 'alice' },
    });
    expect(deployment.authorizationServer.requests.at(-1)?.headers).toMatchObject({
      accept: 'application/json',
    });
  });

  it('a JWT in a member of JSON grants no more than the JSON does', async () => {
    const { accessToken } = await deployment.issue(
      { scope: 'read' },
      { stated: { scope: 'write' } },
    );

    expect(await call(startMember(), accessToken)).toMatchObject(DENY);
  });

  it.each([
    ['bound by cnf', { cnf: { jkt: 'x' } }, 'token_sender_constrained'],
    ['bound by its type', { token_type: 'DPoP' }, 'token_sender_constrained'],
    ['expired', { exp: 1_000_000_000 }, 'token_expired'],
    ['for others', { aud: 'other' }, 'audience_mismatch'],
  ])(
    'a JWT in a member of JSON is denied if only the JSON states that it is %s',
    async (_, stated, reason) => {
      const { accessToken } = await deployment.issue({}, { stated });
      const first = startMember();

      for (const handle of [first, first, startMember()]) {
        await expect(call(handle, accessToken)).rejects.toThrow(/^Unauthorized$/);
      }
      expect(output.lines().map((line) => line['reason'])).toEqual([reason, reason, reason]);
    },
  );

  it.each([
    ['the JSON states token_type Refresh', {}, { token_type: 'Refresh' }, 'token_type: Refresh'],
    ['the JSON states token_use id', {}, { token_use: 'id' }, 'token_use: id'],
    ['the JSON states typ Offline', {}, { typ: 'Offline' }, 'typ: Offline'],
    ['the JWT states typ ID', { typ: 'ID' }, { token_type: 'Bearer' }, 'typ: ID'],
  ])(
    'a JWT in a member of JSON is denied, also from memory and the token cache, if %s',
    async (_, claims, stated, received) => {
      const { accessToken } = await deployment.issue(claims, { stated });
      const first = startMember();

      for (const handle of [first, first, startMember()]) {
        await expect(call(handle, accessToken)).rejects.toThrow(/^Unauthorized$/);
      }
      const reason = 'token_not_access_token';
      expect(output.lines()).toMatchObject([
        { source: 'introspection', reason, expected: 'access token', received },
        { source: 'memory', reason, received },
        { source: 'token_cache', reason, received },
      ]);
    },
  );

  it('a JWT in a member of JSON is a fault if the JSON is about another subject', async () => {
    const { accessToken } = await deployment.issue({}, { stated: { sub: 'mallory' } });

    await expect(call(startMember(), accessToken)).rejects.toMatchObject({
      code: 'introspection_response_invalid',
    });
  });

  it('a JWT in a member of JSON is served from DynamoDB with the claims of the JSON', async () => {
    const stated = { scope: 'read' };
    const { accessToken } = await deployment.issue({ scope: 'read write' }, { stated });
    const first = await call(startMember(), accessToken);
    const before = requestsOf('/json');

    expect(await call(startMember(), accessToken)).toEqual(first);
    expect(
      await call(startMember({ SCOPE_RULES: everyRouteRequires('write') }), accessToken),
    ).toMatchObject(DENY);
    expect(requestsOf('/json')).toBe(before);
    expect(output.lines().map(({ source }) => source)).toEqual([
      'introspection',
      'token_cache',
      'token_cache',
    ]);
  });

  it('a JWT in a member of JSON is inactive if the JSON states so', async () => {
    await deployment.issue();

    await expect(call(startMember(), deployment.unknownToken())).rejects.toThrow('Unauthorized');
    expect(output.lines()).toMatchObject([{ reason: 'token_inactive' }]);
  });

  it('a JWT in a member of JSON is not shared in the token cache with another kind of response', async () => {
    const { accessToken } = await deployment.issue();
    await call(startMember(), accessToken);
    const before = requestsOf('/json');
    await call(startMember({ INTROSPECTION_PARAMETERS: '{"a":"b"}' }), accessToken);

    expect(requestsOf('/json')).toBe(before + 1);
  });
});

describe('a JWT that is verified', () => {
  it('a JWT that is verified is forwarded if the signature is good, and the keys are fetched once', async () => {
    const [one, two] = [await deployment.issue(), await deployment.issue()];
    const handle = startVerifying();
    const before = requestsOf('/jwks');

    expect(await call(handle, one.accessToken)).toMatchObject(ALLOW);
    expect(await call(handle, two.accessToken)).toMatchObject(ALLOW);
    expect(requestsOf('/jwks')).toBe(before + 1);
  });

  it('a JWT that is verified is denied if the signature is bad, which is cached for a while', async () => {
    const { accessToken } = await deployment.issue({}, { forged: true });
    const handle = startVerifying();
    const before = requestsOf('/introspect');

    await expect(call(handle, accessToken)).rejects.toThrow(/^Unauthorized$/);
    await expect(call(handle, accessToken)).rejects.toThrow(/^Unauthorized$/);
    expect(requestsOf('/introspect')).toBe(before + 1);
    expect(output.lines()).toMatchObject([
      { outcome: 'unauthorized', reason: 'signature_invalid', source: 'introspection' },
      { outcome: 'unauthorized', reason: 'signature_invalid', source: 'memory' },
    ]);
  });

  it('a JWT that is verified is not read from results that were cached unverified', async () => {
    const { accessToken } = await deployment.issue({}, { forged: true });
    expect(await call(deployment.start(), accessToken)).toMatchObject(ALLOW);

    await expect(call(startVerifying(), accessToken)).rejects.toThrow(/^Unauthorized$/);
  });

  it('a JWT that is verified is a fault if the keys cannot be fetched', async () => {
    const { accessToken } = await deployment.issue();
    const handle = startVerifying({ TOKEN_JWKS_URI: (await deserted()).href });

    for (let count = 0; count < 2; count++) {
      await expect(call(handle, accessToken)).rejects.toMatchObject({
        code: 'signature_keys_unavailable',
      });
    }
    expect(output.lines()).toMatchObject([
      { level: 'ERROR', code: 'signature_keys_unavailable', advice: expect.any(String) },
      { level: 'ERROR' },
    ]);
  });
});

describe('a hint', () => {
  const hints = () => output.lines().filter(({ level }) => level === 'WARN');

  it('a hint is logged once if the server forbids caching', async () => {
    const headers = { 'cache-control': 'no-store' };
    const [one, two] = [
      await deployment.issue({}, { headers }),
      await deployment.issue({}, { headers }),
    ];
    const handle = deployment.start();
    for (const { accessToken } of [one, two, one]) await call(handle, accessToken);

    expect(hints()).toMatchObject([
      {
        message: NOT_CACHED_HINT,
        introspection_host: deployment.authorizationServer.url.host,
      },
    ]);
  });

  it('a hint is logged once if every token is inactive', async () => {
    await deployment.issue();
    const handle = deployment.start();
    for (let count = 0; count < 25; count++) {
      await call(handle, deployment.unknownToken()).catch(() => undefined);
    }

    const endpoint = deployment.authorizationServer.url;
    const issuer = 'https://login.example.com/~';
    expect(hints()).toMatchObject([{ message: allInactiveHint({ endpoint, issuer }) }]);
  });
});

describe('a fault', () => {
  it('a fault is logged with the status of the response, and the host', async () => {
    const handle = deployment.start();
    deployment.authorizationServer.answer(status(403));

    await expect(call(handle, deployment.unknownToken())).rejects.toMatchObject({ status: 403 });
    expect(output.lines()).toMatchObject([
      {
        code: 'introspection_rejected_client',
        status: 403,
        introspection_host: deployment.authorizationServer.url.host,
        advice: expect.stringContaining('check the secret'),
      },
    ]);
  });
});
