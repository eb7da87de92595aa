import { randomUUID } from 'node:crypto';
import {
  formatSigningKeys,
  publishedKeySet,
  readSigningKeys,
} from '../../../lambda/core/signing-keys';
import type { AwsClient } from '../../../lambda/io/aws/client';
import { createSecretsManager, createSystemsManager } from '../../../lambda/io/aws/services';
import { createSigningKey } from '../../../lambda/rotation/key-pair';
import { PublishedKeySet } from '../../../lambda/rotation/published-key-set';
import { MINIMUM_PERIOD_SECONDS } from '../../../lambda/rotation/rotate-keys';
import { createRotation, MAXIMUM_DURATION_SECONDS } from '../../../lambda/rotation/rotation';
import { SigningSecret } from '../../../lambda/rotation/signing-secret';
import { type ParameterStore, startParameterStore } from '../../../local/aws/parameter-store';
import { type SecretsManager, startSecretsManager } from '../../../local/aws/secrets-manager';
import { faultWith } from '../../support/faults';
import { createPrivateJwk } from '../../support/signing-keys';
import { NOW } from '../../support/tokens';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:signing-AbCdEf';
const PARAMETER = 'signing-key-set';
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

let now: number;
let embedded: { secrets: SecretsManager; parameters: ParameterStore };
let secretsManager: AwsClient;
let systemsManager: AwsClient;
/** Steps call it after each of their requests to Secrets Manager. */
let afterRequest: (operation: string) => void;

beforeEach(async () => {
  now = NOW;
  afterRequest = () => undefined;
  const [secrets, parameters] = await Promise.all([
    startSecretsManager(() => undefined),
    startParameterStore(),
  ]);
  embedded = { secrets, parameters };
  secrets.addSecret(ARN, 'signing', '{}');
  const type = 'AWS::SSM::Parameter';
  const properties = { Type: 'String', Value: '{"keys":[]}' };
  parameters.createParameter({ logicalId: 'KeySet', type, properties }, PARAMETER);
  const environment = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint.href,
    AWS_ENDPOINT_URL_SSM: parameters.endpoint.href,
  };
  secretsManager = createSecretsManager(environment);
  systemsManager = createSystemsManager(environment);
});
afterEach(async () => {
  await Promise.all([embedded.secrets.close(), embedded.parameters.close()]);
});

const rotation = () =>
  createRotation({
    secretArn: ARN,
    secret: new SigningSecret(async (operation, input) => {
      const response = await secretsManager(operation, input);
      afterRequest(operation);
      return response;
    }, ARN),
    published: new PublishedKeySet(systemsManager, PARAMETER),
    createKey: () => createSigningKey('ES256'),
    now: () => now,
  });
const run = (Step: string, ClientRequestToken: string) =>
  rotation()({ Step, SecretId: ARN, ClientRequestToken });
const stage = async () => {
  const ClientRequestToken = randomUUID();
  await secretsManager('RotateSecret', { SecretId: ARN, ClientRequestToken });
  return ClientRequestToken;
};
const rotate = async (steps: readonly string[] = STEPS) => {
  const token = await stage();
  for (const step of steps) await run(step, token);
  return token;
};
const secretText = async () =>
  String((await secretsManager('GetSecretValue', { SecretId: ARN }))['SecretString']);
const currentVersion = async () =>
  (await secretsManager('GetSecretValue', { SecretId: ARN }))['VersionId'];
const signingKeys = async () => readSigningKeys(await secretText());
const put = (SecretString: string) =>
  secretsManager('PutSecretValue', { SecretId: ARN, SecretString });
const published = async (): Promise<string[]> => {
  const { Parameter } = await systemsManager('GetParameter', { Name: PARAMETER });
  const { keys } = JSON.parse((Parameter as { Value: string }).Value);
  return keys.map(({ kid }: { kid: string }) => kid);
};

describe('a rotation of the signing keys', () => {
  it('a rotation of the signing keys fills an empty secret and publishes its keys', async () => {
    await rotate();

    const { current, next, previous, rotatedAt } = await signingKeys();
    expect(previous).toBeUndefined();
    expect(rotatedAt).toBe(NOW);
    expect(await published()).toEqual([current.keyId, next?.keyId]);
  });

  it('a rotation of the signing keys publishes a key for a period before it signs, and for another one after it', async () => {
    const states: string[][] = [];
    for (let period = 0; period < 4; period++) {
      await rotate();
      const keys = await signingKeys();
      expect(await published()).toEqual(publishedKeySet(keys).keys.map(({ kid }) => kid));
      states.push([keys.previous, keys.current, keys.next].map((key) => key?.keyId ?? ''));
      now += MINIMUM_PERIOD_SECONDS;
    }

    for (const [index, [, current, next]] of states.entries()) {
      const [previousAfter, currentAfter] = states[index + 1] ?? [current, next];
      expect([previousAfter, currentAfter]).toEqual([current, next]);
    }
  });

  it('a rotation of the signing keys publishes the new keys before they are current, and those that sign until then', async () => {
    await rotate();
    const { current } = await signingKeys();
    now += MINIMUM_PERIOD_SECONDS;

    await rotate(['createSecret', 'setSecret', 'testSecret']);

    expect((await signingKeys()).current).toEqual(current);
    expect(await published()).toHaveLength(3);
    expect(await published()).toContain(current.keyId);
  });

  it.each(STEPS)(
    'a rotation of the signing keys has the same result if %s is repeated',
    async (repeated) => {
      const token = await stage();
      for (const step of STEPS) {
        await run(step, token);
        if (step === repeated) await run(step, token);
      }
      const keys = await secretText();

      for (const step of STEPS) await run(step, token);

      expect(await secretText()).toBe(keys);
      expect(await published()).toHaveLength(2);
    },
  );

  it('a rotation of the signing keys keeps the keys of the first of two concurrent attempts', async () => {
    const token = await stage();

    await Promise.all([run('createSecret', token), run('createSecret', token)]);
    for (const step of STEPS) await run(step, token);

    expect(await published()).toHaveLength(2);
    expect(await published()).toContain((await signingKeys()).current.keyId);
  });

  it('a rotation of the signing keys leaves keys that were rotated a short time ago as they are, and publishes them again', async () => {
    await rotate();
    const keys = await signingKeys();
    await systemsManager('PutParameter', { Name: PARAMETER, Value: 'lost', Overwrite: true });

    await rotate();

    expect(await signingKeys()).toEqual(keys);
    expect(await published()).toHaveLength(2);
  });

  it('a rotation of the signing keys replaces all keys after the secret was set to {}, and publishes none of the former ones', async () => {
    await rotate();
    const former = await published();
    await put('{}');

    await rotate();

    const keys = await published();
    expect(keys).toHaveLength(2);
    expect(keys.filter((key) => former.includes(key))).toEqual([]);
    expect(keys[0]).toBe((await signingKeys()).current.keyId);
  });

  it.each(['', 'null', '[]', '{"current":{}}', '{"client_secret":"Sesame"}'])(
    'a rotation of the signing keys fails and keeps the published keys if the secret holds %j',
    async (value) => {
      await rotate();
      const keys = await published();
      await put(value);

      const error = await rotate().catch((thrown) => thrown);

      expect(error).toEqual(faultWith('signing_keys_invalid'));
      expect(String(error)).not.toContain('Sesame');
      expect(await secretText()).toBe(value);
      expect(await published()).toEqual(keys);
    },
  );

  it.each(
    ['{}', JSON.stringify({ current: createPrivateJwk() })].flatMap((value) =>
      STEPS.map((step) => [value.slice(0, 10), step, value] as const),
    ),
  )(
    'an operator who sets %s during a rotation has it abandoned in %s, and the former keys stay away',
    async (_, step, value) => {
      await rotate();
      now += MINIMUM_PERIOD_SECONDS;
      const token = await rotate(['createSecret', 'setSecret', 'testSecret']);
      await put(value);

      await expect(run(step, token)).rejects.toThrow('made from a version that is not current');
      for (const later of STEPS) await expect(run(later, token)).rejects.toThrow('AWSPENDING');
      expect(await secretText()).toBe(value);
      await rotate();
      expect(await published()).toContain((await signingKeys()).current.keyId);
    },
  );

  it.each(STEPS)(
    'a rotation that is resumed by %s after more than an hour is abandoned',
    async (step) => {
      await rotate();
      const keys = await secretText();
      now += MINIMUM_PERIOD_SECONDS;
      const token = await rotate(['createSecret', 'setSecret', 'testSecret']);
      now += MAXIMUM_DURATION_SECONDS;

      await expect(run(step, token)).rejects.toThrow('it has taken longer than 3600 seconds');

      expect(await secretText()).toBe(keys);
      await rotate();
      expect((await signingKeys()).previous).toEqual(readSigningKeys(keys).current);
    },
  );

  it('a rotation of the signing keys fails in testSecret if the parameter was overwritten meanwhile', async () => {
    const token = await rotate(['createSecret', 'setSecret']);
    await systemsManager('PutParameter', { Name: PARAMETER, Value: '{}', Overwrite: true });

    await expect(run('testSecret', token)).rejects.toThrow(
      'the parameter signing-key-set must contain the keys of the rotation',
    );
  });

  it('a rotation of the signing keys fails in testSecret for keys whose halves do not match', async () => {
    const token = await stage();
    const [one, other] = await Promise.all([1, 2].map(() => createSigningKey('ES256')));
    if (!one || !other) throw new Error('two keys');
    const { x, y } = other.jwk;
    await secretsManager('PutSecretValue', {
      SecretId: ARN,
      ClientRequestToken: token,
      SecretString: formatSigningKeys(
        { current: { ...one, jwk: { ...one.jwk, x, y } } },
        { made_from: await currentVersion(), made_at: NOW },
      ),
      VersionStages: ['AWSPENDING'],
    });
    await run('setSecret', token);

    await expect(run('testSecret', token)).rejects.toThrow();
    expect(await secretText()).toBe('{}');
  });

  it('a rotation of the signing keys fails in the second step if the first one has not run', async () => {
    await expect(run('setSecret', await stage())).rejects.toThrow('must have a value');
  });

  it.each([1, 2])(
    'a rotation of the signing keys completes the last step if it is repeated after the response to its request %d was lost',
    async (lost) => {
      const token = await rotate(['createSecret', 'setSecret', 'testSecret']);
      let updates = 0;
      afterRequest = (operation) => {
        if (operation !== 'UpdateSecretVersionStage') return;
        updates += 1;
        if (updates === lost) throw new Error('read ECONNRESET');
      };
      await expect(run('finishSecret', token)).rejects.toThrow('ECONNRESET');

      await expect(run('finishSecret', token)).resolves.toBeUndefined();
      const { VersionIdsToStages } = await secretsManager('DescribeSecret', { SecretId: ARN });
      expect(VersionIdsToStages).toMatchObject({ [token]: ['AWSCURRENT'] });
    },
  );

  it.each([
    ['another secret', { SecretId: `${ARN}x` }, 'SecretId must be'],
    ['an unknown step', { Step: 'toString' }, 'Step must be one of a rotation, got: toString'],
    ['a version that is not staged', { ClientRequestToken: 'x' }, 'must have the label AWSPENDING'],
  ])('a rotation event with %s is rejected', async (_, change, message) => {
    const event = { Step: 'createSecret', SecretId: ARN, ClientRequestToken: await stage() };

    await expect(rotation()({ ...event, ...change })).rejects.toThrow(message);
    expect(await secretText()).toBe('{}');
  });
});
