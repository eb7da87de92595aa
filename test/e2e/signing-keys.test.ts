import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { App, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AuthorizerFunction,
  HttpApiProtection,
  IntrospectionResponse,
  KeySet,
  PhantomTokenRestApi,
  SigningKeysSecret,
} from '../../lib';
import type { LocalApi } from '../../local/stack/api-servers';
import { deployStack, type LocalStack } from '../../local/stack/local-stack';
import { resolveTemplate } from '../../local/template/resolve';
import { type StubServer, startStubServer } from '../support/stub-server';
import { WITHOUT_REPORTS } from '../support/synthesize';
import { startVerifyingUpstream, type VerifyingUpstream } from '../support/verifying-upstream';

const ISSUER = 'https://api.example.com';
const AUDIENCE = 'orders';
const ENVIRONMENTS = 2;
const ROTATIONS = 2;

const logs: string[] = [];
let authorizationServer: StubServer;
let upstream: VerifyingUpstream;
let stack: LocalStack;
let secretArn: string;
let rest: LocalApi;
let tokens = 0;

beforeAll(async () => {
  authorizationServer = await startStubServer('/introspect', (response) => {
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const members = { active: true, token_type: 'Bearer', sub: 'alice', client_id: 'shop', exp };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(members));
  });
  upstream = await startVerifyingUpstream({ issuer: ISSUER, audience: AUDIENCE });
  const synthesized = synthesize();
  secretArn = secretArnOf(synthesized.template);
  stack = await deployStack(
    { stackName: 'Keys', ...synthesized, warnings: [], remove: async () => undefined },
    {
      secretValue: '{"client_id":"gateway","client_secret":"secret"}',
      maxEnvironments: ENVIRONMENTS,
      log: (line) => logs.push(line),
    },
  );
  const [restApi] = stack.apis.filter(({ name }) => name.startsWith('Rest'));
  if (restApi === undefined) throw new Error('there is no REST API');
  rest = restApi;
  upstream.trust(new URL('/.well-known/jwks.json', rest.url));
});

afterAll(async () => {
  await stack?.close();
  await Promise.all([authorizationServer?.close(), upstream?.server.close()]);
});

function synthesize() {
  // Local mode finds bundles by this metadata.
  const app = new App({
    context: { ...WITHOUT_REPORTS, 'aws:cdk:enable-asset-metadata': true },
    treeMetadata: false,
  });
  const constructs = new Stack(app, 'Keys');
  const keys = new SigningKeysSecret(constructs, 'SigningKeys');
  const authorizerFunction = new AuthorizerFunction(constructs, 'Authorizer', {
    introspectionEndpoint: authorizationServer.url.href,
    introspectionResponse: IntrospectionResponse.json(),
    mint: { issuer: ISSUER, audience: [AUDIENCE], keys },
  });
  const keySet = new KeySet(constructs, 'KeySet', { keys, issuer: ISSUER });
  const restApi = new PhantomTokenRestApi(constructs, 'Rest', {
    authorizerFunction,
    upstream: upstream.server.url.origin,
  });
  const api = new HttpApi(constructs, 'Http');
  const http = new HttpApiProtection(constructs, 'HttpProtection', { api, authorizerFunction });
  for (const protection of [restApi.protection, http]) protection.publishKeySet(keySet);
  const { directory, stacks } = app.synth();
  return { directory, template: stacks[0]?.template };
}

/** Returns the ARN of the secret whose first value is `{}`. */
function secretArnOf(template: unknown): string {
  const [secret] = resolveTemplate(template, { stackName: 'Keys' })
    .ofType('AWS::SecretsManager::Secret')
    .filter(({ properties }) => (properties as { SecretString?: string }).SecretString === '{}');
  return secret?.ref ?? '';
}

/** Sends requests at once, half of them with tokens that are cached. Returns the statuses other than 200. */
async function load(requests: number): Promise<readonly string[]> {
  const send = async (index: number) => {
    const token = index % 2 === 0 ? `known-${index % 10}` : `fresh-${tokens++}`;
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(new URL('/orders', rest.url), { headers });
    return response.status === 200 ? [] : [`${response.status} ${await response.text()}`];
  };
  return (await Promise.all(Array.from({ length: requests }, (_, index) => send(index)))).flat();
}

/** Calls the embedded Secrets Manager with the signing secret. */
async function withSecret<Result>(
  act: (client: SecretsManagerClient, SecretId: string) => Promise<Result>,
): Promise<Result> {
  const client = new SecretsManagerClient({
    endpoint: stack.awsEnvironment['AWS_ENDPOINT_URL_SECRETS_MANAGER'] ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
  try {
    return await act(client, secretArn);
  } finally {
    client.destroy();
  }
}

/** Changes the time of the last rotation to one that is long ago. */
const age = () =>
  withSecret(async (client, SecretId) => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
    const value = JSON.stringify({ ...JSON.parse(SecretString), rotated_at: 0 });
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
  });

const get = (path: string, { url }: LocalApi) => fetch(new URL(path, url));

describe('signing keys in local mode', () => {
  it('REST and HTTP API serve the keys that the rotation at start has made', async () => {
    const documents = await Promise.all(
      stack.apis.map(async (api) => {
        const response = await get('/.well-known/jwks.json', api);
        expect(response.headers.get('cache-control')).toBe('public, max-age=300');
        return response.json();
      }),
    );

    expect(documents).toHaveLength(2);
    expect(documents[1]).toEqual(documents[0]);
    expect(documents[0]).toEqual({
      keys: [1, 2].map(() => ({
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        kid: expect.any(String),
        alg: 'ES256',
        use: 'sig',
      })),
    });
  });

  it('REST and HTTP API serve the metadata of the issuer', async () => {
    for (const api of stack.apis) {
      const response = await get('/.well-known/oauth-authorization-server', api);

      expect(await response.json()).toEqual({
        issuer: ISSUER,
        jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      });
    }
  });

  it(`an upstream API rejects no token during ${ROTATIONS} rotations under load`, async () => {
    const failures: string[] = [];
    let published = await upstream.readKeySet();
    failures.push(...(await load(20)));
    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      await age();
      const known = published;
      const [during] = await Promise.all([load(30), stack.rotateSecrets()]);
      // Environments that read the new keys, as all do after five minutes.
      stack.recycleEnvironments();
      failures.push(...during, ...(await load(30)));
      const signed = [...upstream.keyIds].at(-1);
      expect(known).toContain(signed);
      published = await upstream.readKeySet();
      expect(published).toHaveLength(3);
      // Results older than a minute are over long before the next rotation.
      stack.flushAuthorizersCache();
    }

    expect(failures).toEqual([]);
    expect(upstream.keyIds.size).toBe(ROTATIONS + 1);
    expect(stack.coldStarts()).toBeGreaterThan(ROTATIONS * 2);
    expect(logs.filter((line) => line.startsWith('warning: rotation'))).toEqual([]);
  });

  it('all keys are replaced, and cached tokens minted again, after the secret was set to {}', async () => {
    const former = await upstream.readKeySet();
    await withSecret((client, SecretId) =>
      client.send(new PutSecretValueCommand({ SecretId, SecretString: '{}' })),
    );
    await stack.rotateSecrets();
    stack.recycleEnvironments();
    stack.flushAuthorizersCache();
    const keys = await upstream.readKeySet();

    expect(await load(10)).toEqual([]);
    expect(keys).toHaveLength(2);
    expect(keys.filter((key) => former.includes(key))).toEqual([]);
    expect([...upstream.keyIds].at(-1)).toBe(keys[0]);
  });
});
