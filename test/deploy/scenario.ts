import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account';
import type { Cdk, Outputs } from './cdk';
import { type ApiType, type DeployedApi, deployedApi } from './deployed-api';
import { AUDIENCE, type Parties } from './parties';
import type { Report } from './report';

export interface Scenario {
  readonly type: ApiType;
  readonly stackName: string;
  readonly endpoint: URL;
  readonly cdk: Cdk;
  readonly account: Account;
  readonly parties: Parties;
  readonly report: Report;
}

/** Outputs of each type of API. Web ACLs are for stages of REST APIs only. */
const OUTPUTS = {
  HTTP: ['ApiUrl', 'AuthorizerFunctionName', 'CredentialsSecretArn', 'TokenCacheTableName'],
  REST: [
    ...['ApiUrl', 'AuthorizerFunctionName', 'CredentialsSecretArn', 'StageArn'],
    'TokenCacheTableName',
  ],
};

/** Wait in seconds before a rotated secret is used. The authorizer rereads it every five seconds at most. */
const ROTATION_SECONDS = 6;

/** Deploys a stack, sets its secret, calls it, redeploys it, rotates the secret and destroys it. */
export async function runScenario(scenario: Scenario): Promise<void> {
  const { type, cdk, account, parties, report } = scenario;
  const { check } = report;
  report.heading(`${type} API`);
  const config = deploymentConfig(scenario);
  let outputs: Outputs = {};
  const deployed = await check('cdk deploy prints the outputs', async () => {
    outputs = await cdk.deploy(config);
    assert.deepEqual(Object.keys(outputs).sort(), OUTPUTS[type]);
    assert.ok(!JSON.stringify(outputs).includes('client_secret'));
  });
  if (!deployed) return;
  const { CredentialsSecretArn: secret = '', TokenCacheTableName: table = '' } = outputs;
  if (!secret.startsWith('arn:')) {
    report.note(
      'CredentialsSecretArn: the emulator resolves it to the name of the secret, not its ARN',
    );
  }
  const api = deployedApi({ ...scenario, outputs });

  await beforeTheSecret(api, scenario);
  await check('put-secret-value', () => account.putSecretValue(secret, parties.credentials()));
  await decisions(api, scenario);
  await check('the token cache holds sealed entries and no JWT', async () => {
    const items = await account.scan(table);
    assert.ok(items.length > 0);
    assert.deepEqual(
      items.filter((item) => item.includes('eyJ') || item.includes('-app')),
      [],
    );
  });
  await redeployment(api, scenario);
  await rotation(api, scenario, secret);
  await check('cdk destroy retains the secret and nothing else', async () => {
    await cdk.destroy(config);
    await assert.rejects(account.scan(table), { name: 'ResourceNotFoundException' });
    assert.ok(await account.hasSecret(secret));
    await account.deleteSecret(secret);
    await api.call('orders/42', undefined, { status: 404, introspections: 0, upstream: false });
  });
}

function deploymentConfig(scenario: Scenario, changes: object = {}, scopes = ['read']) {
  const { type, stackName, parties } = scenario;
  return {
    stackName,
    introspection: { endpoint: parties.introspectionEndpoint },
    token: { issuer: parties.issuer, audience: AUDIENCE },
    api: { type, upstream: parties.upstream, realm: 'deployed', scopes },
    ...changes,
  };
}

async function beforeTheSecret(api: DeployedApi, { parties, report }: Scenario): Promise<void> {
  await report.check('API Gateway responds 401 to a request without a token', async () => {
    const expected = { status: 401, introspections: 0, upstream: false };
    api.assertChallenge(await api.call('orders/42', undefined, expected));
  });
  await report.check('a token before the secret is set results in a fault, not 401', async () => {
    const expected = { status: api.faultStatus(), introspections: 0, upstream: false };
    await api.call('orders/42', await parties.accessToken('orders-app'), expected);
  });
}

async function decisions(api: DeployedApi, { parties, report }: Scenario): Promise<void> {
  const { check } = report;
  await check('an unknown token gets 401', async () => {
    const expected = { introspections: 1, upstream: false };
    api.assertDenied(await api.call('orders/42', 'nonsense', expected));
  });
  await check('a token without the scope gets 403', async () => {
    const token = await parties.accessToken('reports-app');
    await api.call('orders/42', token, { status: 403, introspections: 1, upstream: false });
  });
  const token = await parties.accessToken('orders-app');
  await check('a token with the scope reaches the upstream API as a phantom token', async () => {
    const expected = { status: 200, introspections: 1, upstream: true };
    await api.assertForwarded(await api.call('orders/42', token, expected), token);
  });
  await check('the same token on another path is not introspected', async () => {
    const expected = { status: 200, introspections: 0, upstream: true };
    await api.assertForwarded(await api.call('orders/43', token, expected), token);
  });
}

/** Checks that cached facts about tokens outlive a deployment, and decisions do not. */
async function redeployment(api: DeployedApi, scenario: Scenario): Promise<void> {
  const { cdk, parties, report } = scenario;
  const { check } = report;
  const old = await parties.accessToken('orders-app');
  const fresh = await parties.accessToken('reports-app');
  await check('of two more tokens one has the scope', async () => {
    await api.call('orders/1', old, { status: 200, introspections: 1, upstream: true });
    await api.call('orders/1', fresh, { status: 403, introspections: 1, upstream: false });
  });
  const changes = { cache: { authorizerResultTtlSeconds: 0 } };
  const deployed = await check('cdk deploy with another scope and no result cache', async () => {
    await cdk.deploy(deploymentConfig(scenario, changes, ['reports']));
  });
  if (!deployed) return;
  await check('the first token gets 403 after the deployment, from the token cache', async () => {
    await api.call('orders/1', old, { status: 403, introspections: 0, upstream: false });
  });
  await check(
    'the second token is allowed after the deployment, from the token cache',
    async () => {
      await api.call('orders/1', fresh, { status: 200, introspections: 0, upstream: true });
    },
  );
}

/** Checks the rotation of the client secret with an environment that holds the old one. */
async function rotation(
  api: DeployedApi,
  { account, parties, report }: Scenario,
  secret: string,
): Promise<void> {
  const { check } = report;
  await parties.rotate();
  await check('a rotated client secret is used after put-secret-value', async () => {
    await account.putSecretValue(secret, parties.credentials());
    await sleep(ROTATION_SECONDS * 1000);
    const token = await parties.accessToken('reports-app');
    // One introspection with the old secret, one with the new.
    await api.call('orders/1', token, { status: 200, introspections: 2, upstream: true });
  });
  await parties.rotate();
  await check(
    'a client secret rotated at the server alone results in a fault, not 401',
    async () => {
      const token = await parties.accessToken('reports-app');
      await api.call('orders/1', token, { status: api.faultStatus(), upstream: false });
    },
  );
}
