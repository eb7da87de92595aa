import assert from 'node:assert/strict';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { http2Event } from '../support/authorizer-events';
import type { Outputs } from './cdk';
import { deployedApi, invocationUrl } from './deployed-api';
import { AUDIENCE } from './parties';
import type { Scenario } from './scenario';

const ISSUER = 'https://api.example.com';

/** Types of resources that the emulator does not know, and rejects a template with. */
const UNKNOWN_TYPES = [
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::RotationSchedule',
];

/** Deploys a stack that mints phantom tokens, rotates its keys, verifies a token and destroys it. */
export async function runMintingScenario(scenario: Scenario): Promise<void> {
  const { cdk, account, parties, report, stackName, endpoint } = scenario;
  const { check } = report;
  report.heading(`${scenario.type} API that mints phantom tokens`);
  report.note(`${UNKNOWN_TYPES.join(' and ')}: the emulator rejects them, and they are left out`);
  report.note('rotation by Secrets Manager: the test invokes the function with the four steps');
  const config = {
    stackName,
    introspection: { endpoint: parties.introspectionEndpoint, response: 'json' },
    token: { mint: { issuer: ISSUER, audience: AUDIENCE } },
    api: { type: scenario.type, upstream: parties.upstream, scopes: ['read'] },
  };
  let outputs: Outputs = {};
  const deployed = await check('cdk deploy of a config that mints', async () => {
    outputs = await cdk.deploy(config, UNKNOWN_TYPES);
  });
  if (!deployed) return;
  const api = deployedApi({ ...scenario, outputs });
  const { id, base } = invocationUrl(endpoint, outputs['ApiUrl'] ?? '');
  const token = await parties.accessToken('orders-app');
  const keySet = async () => (await fetch(new URL('.well-known/jwks.json', base))).json();

  await account.putSecretValue(outputs['CredentialsSecretArn'] ?? '', parties.credentials());
  await check('a token before the first rotation results in a fault, not 401', async () => {
    await api.call('orders/42', token, { status: api.faultStatus(), upstream: false });
  });
  await check('the four steps of a rotation make keys, which the API publishes', async () => {
    const { SigningKeysSecretArn: secret = '', SigningKeyRotationFunctionName: rotation = '' } =
      outputs;
    await account.rotateSecret(secret, rotation);
    const { keys } = (await keySet()) as JSONWebKeySet;
    assert.deepEqual(
      keys.map(({ kty, alg, use, d }) => ({ kty, alg, use, d })),
      [1, 2].map(() => ({ kty: 'EC', alg: 'ES256', use: 'sig', d: undefined })),
    );
  });
  await check('a token with the scope reaches the upstream API', async () => {
    await api.call('orders/42', token, { status: 200, upstream: true });
  });
  await check('the published keys verify the minted phantom token', async () => {
    // Invoked directly, since the emulator does not forward the phantom token.
    const { requestContext } = http2Event();
    const event = http2Event({
      routeKey: 'ANY /{proxy+}',
      headers: { authorization: `Bearer ${token}` },
      requestContext: { ...requestContext, apiId: id },
    });
    const result = await account.invoke(outputs['AuthorizerFunctionName'] ?? '', event);
    const { context } = result as { context: { jwt: string } };
    const keys = createLocalJWKSet((await keySet()) as JSONWebKeySet);
    const expected = { issuer: ISSUER, audience: AUDIENCE, typ: 'at+jwt', algorithms: ['ES256'] };
    assert.equal((await jwtVerify(context.jwt, keys, expected)).payload.sub, 'orders-app');
  });
  await check('cdk destroy removes the signing keys', async () => {
    await cdk.destroy(config);
    const secret = outputs['SigningKeysSecretArn'] ?? '';
    await assert.rejects(account.hasSecret(secret), { name: 'ResourceNotFoundException' });
    await account.deleteSecret(outputs['CredentialsSecretArn'] ?? '');
  });
}
