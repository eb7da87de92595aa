import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { publishedKeySet, readSigningKeys } from '../../lambda/core/signing-keys';
import {
  bearer,
  type Deployment,
  type Handler,
  invoke,
  SIGNING_SECRET_ARN,
  startDeployment,
} from '../support/deployment';
import { signingSecret } from '../support/minting';
import { captureOutput } from '../support/output';

const MINT = {
  response: 'json',
  issuer: 'https://api.example.com',
  audience: ['orders'],
  lifetimeSeconds: 420,
  claims: { tenant: 'ext.tenant' },
};
const STATED = {
  ...{ token_type: 'Bearer', client_id: 'web', sub: 'alice', scope: 'read' },
  ...{ iss: 'https://login.example.com/~', aud: ['api.example.com'], ext: { tenant: 'blue' } },
};

let deployment: Deployment;
let output: ReturnType<typeof captureOutput>;
let text = '';

beforeAll(async () => {
  deployment = await startDeployment();
});
beforeEach(() => {
  output = captureOutput();
  setKeys(signingSecret());
});
afterEach(async () => {
  output.stop();
  jest.restoreAllMocks();
  await deployment.emptyTable();
  expect(deployment.confidentialIn(output.text())).toEqual([]);
});
afterAll(() => deployment.close());

function setKeys(next: string): void {
  text = next;
  deployment.setSigningSecret(next);
  deployment.confidential.add(String(readSigningKeys(next).current.jwk['d']));
}
/** Rotates the keys, so that the next one signs. */
function rotate(): void {
  const { current: previous, next: current } = JSON.parse(text);
  setKeys(signingSecret({ previous, current }));
}
const start = (changes: Record<string, string | undefined> = {}): Handler =>
  deployment.start({
    INTROSPECTION_ENDPOINT: new URL('/plain', deployment.authorizationServer.url).href,
    INTROSPECTION_ACCEPT: 'application/json',
    TOKEN_UNTYPED: 'refuse',
    TOKEN_MINT: JSON.stringify(MINT),
    SIGNING_KEYS_SECRET_ARN: SIGNING_SECRET_ARN,
    ...changes,
  });
const issue = (stated: object = STATED) =>
  deployment.issue(
    {},
    { stated: { ...STATED, exp: Math.floor(Date.now() / 1000) + 600, ...stated } },
  );

/** Returns the JWT that the upstream API gets. */
async function forwarded(handle: Handler, accessToken: string): Promise<string> {
  const result = (await invoke(handle, bearer(accessToken))) as APIGatewayAuthorizerResult;
  const jwt = String(result.context?.['authorization']).replace(/^Bearer /, '');
  for (const part of [jwt, ...jwt.split('.').slice(1)]) deployment.confidential.add(part);
  return jwt;
}
const verified = async (jwt: string) => {
  const keys = createLocalJWKSet(publishedKeySet(readSigningKeys(text)) as never);
  const { payload } = await jwtVerify(jwt, keys, {
    ...{ issuer: MINT.issuer, audience: 'orders', typ: 'at+jwt' },
  });
  return payload;
};
async function introspectionsOf(act: () => Promise<unknown>): Promise<number> {
  const before = deployment.authorizationServer.requests.length;
  await act();
  return deployment.authorizationServer.requests.length - before;
}
const UNAUTHORIZED = expect.objectContaining({ message: 'Unauthorized' });

describe('a deployment that mints', () => {
  it('a deployment that mints forwards one minted token from introspection, memory and token cache', async () => {
    const { accessToken } = await issue();
    const [one, two] = [start(), start()];

    const first = await forwarded(one, accessToken);
    const introspections = await introspectionsOf(async () => {
      expect(await forwarded(one, accessToken)).toBe(first);
      expect(await forwarded(two, accessToken)).toBe(first);
    });

    expect(introspections).toBe(0);
    expect(await verified(first)).toMatchObject({
      ...{ sub: 'alice', client_id: 'web', scope: 'read', tenant: 'blue' },
    });
    expect(await verified(first)).not.toHaveProperty('ext');
  });

  it('a deployment that mints checks issuer and audience of the response, not of the minted token', async () => {
    for (const stated of [{ iss: MINT.issuer }, { aud: ['orders'] }]) {
      const { accessToken } = await issue(stated);

      await expect(invoke(start(), bearer(accessToken))).rejects.toEqual(UNAUTHORIZED);
    }
  });

  it('a deployment that mints returns 401 for a refresh token and logs why', async () => {
    const { accessToken } = await issue({ token_use: 'refresh_token' });

    await expect(invoke(start(), bearer(accessToken))).rejects.toEqual(UNAUTHORIZED);
    expect(output.lines().at(-1)).toMatchObject({
      reason: 'token_not_access_token',
      received: 'token_use: refresh_token',
    });
  });

  it('a deployment that mints returns 401 for a response without token_type, unless it is to be accepted', async () => {
    const { accessToken } = await issue({ token_type: undefined });
    const strict = start();

    await expect(invoke(strict, bearer(accessToken))).rejects.toEqual(UNAUTHORIZED);
    await expect(invoke(strict, bearer(accessToken))).rejects.toEqual(UNAUTHORIZED);

    const hints = output.lines().filter(({ message }) => String(message).includes('token.untyped'));
    expect(hints).toHaveLength(1);
    const lenient = start({ TOKEN_UNTYPED: 'accept' });
    expect(await verified(await forwarded(lenient, accessToken))).toMatchObject({ sub: 'alice' });
  });

  it('a deployment that mints denies an untyped token again from the token cache', async () => {
    const { accessToken } = await issue({ token_type: undefined });
    await expect(invoke(start(), bearer(accessToken))).rejects.toEqual(UNAUTHORIZED);

    const introspections = await introspectionsOf(() =>
      expect(invoke(start(), bearer(accessToken))).rejects.toEqual(UNAUTHORIZED),
    );

    expect(introspections).toBe(0);
  });

  it('a deployment that mints mints again when the key of a cached token is not published any more', async () => {
    const { accessToken } = await issue();
    const first = await forwarded(start(), accessToken);
    rotate();
    // Still published as `previous`.
    expect(await forwarded(start(), accessToken)).toBe(first);
    rotate();

    const fresh = start();
    const second = await forwarded(fresh, accessToken);

    expect(second).not.toBe(first);
    expect(await verified(second)).toMatchObject({ sub: 'alice' });
    expect(await forwarded(start(), accessToken)).toBe(second);
    expect(output.text()).not.toContain('token_cache_failed');
  });

  it('a deployment that mints signs with the key "current" of the secret', async () => {
    const { accessToken } = await issue();

    const { kid } = decodeProtectedHeader(await forwarded(start(), accessToken));

    expect(kid).toBe(readSigningKeys(text).current.keyId);
  });

  it('a deployment that mints reports the age of the key that signs as a metric, once', async () => {
    setKeys(signingSecret({ rotated_at: Math.floor(Date.now() / 1000) - 36 * 3600 }));
    const handle = start();

    await forwarded(handle, (await issue()).accessToken);
    await forwarded(handle, (await issue()).accessToken);

    const ages = output.lines().flatMap((line) => line['SigningKeyAgeDays'] ?? []);
    expect(ages).toEqual([1.5]);
  });

  it.each([
    ['has no keys', '{}', 'signing_keys_invalid'],
    ['does not exist', undefined, 'signing_keys_unavailable'],
  ] as const)(
    'a deployment that mints fails with advice if the signing secret %s',
    async (_, secret, code) => {
      deployment.setSigningSecret(secret);
      const { accessToken } = await issue();

      await expect(invoke(start(), bearer(accessToken))).rejects.not.toEqual(UNAUTHORIZED);
      expect(output.lines().at(-1)).toMatchObject({ code, Faults: 1 });
      expect(output.lines().at(-1)?.['advice']).toContain('signing keys');
    },
  );
});

describe('a deployment that does not mint', () => {
  it('a deployment that does not mint reads no signing secret', async () => {
    const { accessToken } = await deployment.issue();
    const before = deployment.secretsManager.requests.length;

    await invoke(deployment.start({ TOKEN_MINT: undefined }), bearer(accessToken));

    const reads = deployment.secretsManager.requests.slice(before).map(({ body }) => body);
    expect(reads).toHaveLength(1);
    expect(reads.join()).not.toContain(SIGNING_SECRET_ARN);
  });
});
