import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { type SecretsManager, startSecretsManager } from '../../../local/aws/secrets-manager';

const arn = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:introspection-client-AbCdEf';
const resource = (properties: object = {}) => ({
  logicalId: 'Credentials',
  type: 'AWS::SecretsManager::Secret',
  properties,
});

let secretsManager: SecretsManager;
let client: SecretsManagerClient;
const startRotation = jest.fn();

beforeEach(async () => {
  startRotation.mockReset();
  secretsManager = await startSecretsManager(startRotation);
  client = new SecretsManagerClient({
    endpoint: secretsManager.endpoint.href,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await secretsManager.close();
});

const create = (properties: object, value?: string) =>
  secretsManager.createSecret(resource(properties), arn, 'introspection-client', value);
const get = (more: object = {}) =>
  client.send(new GetSecretValueCommand({ SecretId: arn, ...more }));

describe('embedded Secrets Manager', () => {
  it.each([
    ['its ARN', arn],
    ['its ARN without the suffix', arn.slice(0, -7)],
    ['its name', 'introspection-client'],
  ])('finds a secret by %s', async (_, SecretId) => {
    create({ Description: 'the gateway', KmsKeyId: 'key', Tags: [] }, '{"client_id":"gateway"}');

    const { CreatedDate, ...found } = await get({ SecretId });

    expect(found).toMatchObject({
      ARN: arn,
      Name: 'introspection-client',
      SecretString: '{"client_id":"gateway"}',
      VersionStages: ['AWSCURRENT'],
      VersionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    // The SDK is loaded outside of the test's realm, whose Date is another one.
    expect(Date.now() - Number(CreatedDate)).toBeLessThan(60_000);
  });

  it.each(['introspection', 'introspection-client-AbCdEf', arn.slice(0, -1), arn.slice(0, -8)])(
    'does not find a secret by %s',
    async (SecretId) => {
      create({}, 'value');

      const error = await get({ SecretId }).catch((thrown) => thrown);

      expect(error).toBeInstanceOf(ResourceNotFoundException);
      expect(error).toMatchObject({
        message: "Secrets Manager can't find the specified secret.",
        $metadata: { httpStatusCode: 400 },
      });
    },
  );

  it('finds no value in a secret without a version', async () => {
    create({});

    await expect(get()).rejects.toThrow(ResourceNotFoundException);
  });

  it('returns a secret from outside the template', async () => {
    secretsManager.addSecret(arn, 'introspection-client', 'imported');

    expect(await get()).toMatchObject({ SecretString: 'imported' });
  });

  it('names unsupported operations, parameters and properties', async () => {
    create({}, 'value');

    await expect(client.send(new ListSecretsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'not supported in local mode: ListSecrets',
    });
    await expect(
      client.send(new RotateSecretCommand({ SecretId: arn, RotateImmediately: false })),
    ).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('RotateImmediately'),
    });
    expect(() => create({ Colour: 'red' })).toThrow(
      /Credentials \(AWS::SecretsManager::Secret\): .*Colour/,
    );
  });

  it.each([
    ['unsigned', {}, 'MissingAuthenticationTokenException', '{}'],
    ['not JSON', { authorization: 'AWS4-HMAC-SHA256 x' }, 'SerializationException', 'SecretId=x'],
  ])('rejects a request that is %s', async (_, headers, type, body) => {
    const response = await fetch(secretsManager.endpoint, {
      method: 'POST',
      headers: { ...headers, 'X-Amz-Target': 'secretsmanager.GetSecretValue' },
      body,
    });

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(await response.json()).toMatchObject({ __type: type });
  });
});

describe('a generated secret', () => {
  const generated = async (rules: object) => {
    create({ GenerateSecretString: rules });
    return String((await get()).SecretString);
  };

  it('a generated secret is a password of 32 characters of every type', async () => {
    const password = await generated({});

    expect(password).toHaveLength(32);
    for (const type of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9 ]/]) expect(password).toMatch(type);
    expect(password).not.toContain(' ');
  });

  it('a generated secret is a member of the template string', async () => {
    const value = await generated({
      SecretStringTemplate: '{"client_id":"gateway"}',
      GenerateStringKey: 'client_secret',
      ExcludePunctuation: true,
      PasswordLength: 40,
    });

    expect(JSON.parse(value)).toEqual({
      client_id: 'gateway',
      client_secret: expect.stringMatching(/^[a-zA-Z0-9]{40}$/),
    });
  });

  it('a generated secret omits excluded characters', async () => {
    const password = await generated({
      ExcludeLowercase: true,
      ExcludeUppercase: true,
      ExcludePunctuation: true,
      ExcludeCharacters: '3456789',
      IncludeSpace: true,
      PasswordLength: 100,
    });

    expect(new Set(password)).toEqual(new Set(['0', '1', '2', ' ']));
  });

  it('a given value replaces the generated secret', async () => {
    create({ GenerateSecretString: {} }, 'given');

    expect(await get()).toMatchObject({ SecretString: 'given' });
  });

  it('a given value does not replace the value that the template sets', async () => {
    create({ SecretString: '{}' }, 'given');

    expect(await get()).toMatchObject({ SecretString: '{}' });
  });
});

describe('versions of a secret', () => {
  const put = (SecretString: string, more: object = {}) =>
    client.send(new PutSecretValueCommand({ SecretId: arn, SecretString, ...more }));
  const rotate = (token: string) =>
    client.send(new RotateSecretCommand({ SecretId: arn, ClientRequestToken: token }));
  const move = (VersionStage: string, more: object) =>
    client.send(new UpdateSecretVersionStageCommand({ SecretId: arn, VersionStage, ...more }));
  const labels = async () =>
    (await client.send(new DescribeSecretCommand({ SecretId: arn }))).VersionIdsToStages;
  const [one, two] = ['1'.repeat(36), '2'.repeat(36)];

  it('a stored value becomes current, and the former one previous', async () => {
    create({}, 'former');
    const { VersionId: former = '' } = await get();

    await put('new', { ClientRequestToken: one });

    expect(await get()).toMatchObject({ SecretString: 'new', VersionId: one });
    expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'former' });
    expect(await labels()).toEqual({ [one]: ['AWSCURRENT'], [former]: ['AWSPREVIOUS'] });
  });

  it('a version keeps its first value', async () => {
    create({}, 'former');
    await put('new', { ClientRequestToken: one });

    await expect(put('new', { ClientRequestToken: one })).resolves.toBeDefined();
    await expect(put('other', { ClientRequestToken: one })).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
    expect(await get()).toMatchObject({ SecretString: 'new' });
  });

  it('a rotation stages a version without a value, and only one at a time', async () => {
    create({}, 'former');

    await rotate(one);

    expect(startRotation.mock.calls).toEqual([[arn, one]]);
    await expect(get({ VersionStage: 'AWSPENDING' })).rejects.toThrow(ResourceNotFoundException);
    await expect(get({ VersionId: one })).rejects.toThrow(ResourceNotFoundException);
    await expect(rotate(two)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });

  it('a label moves to another version if the request names the one that has it', async () => {
    create({}, 'former');
    const { VersionId: former } = await get();
    await rotate(one);
    await put('new', { ClientRequestToken: one, VersionStages: ['AWSPENDING'] });

    for (const RemoveFromVersionId of [undefined, two]) {
      await expect(
        move('AWSCURRENT', { MoveToVersionId: one, RemoveFromVersionId }),
      ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
    await expect(
      move('AWSCURRENT', { MoveToVersionId: two, RemoveFromVersionId: former }),
    ).rejects.toThrow(ResourceNotFoundException);
    expect(await get()).toMatchObject({ SecretString: 'former' });

    await move('AWSCURRENT', { MoveToVersionId: one, RemoveFromVersionId: former });
    await move('AWSPENDING', { RemoveFromVersionId: one });

    expect(await get()).toMatchObject({ SecretString: 'new', VersionStages: ['AWSCURRENT'] });
    await expect(rotate(two)).resolves.toBeDefined();
  });

  it('a version is not found by the label of another one', async () => {
    create({}, 'former');
    const { VersionId } = await get();
    await put('new', { ClientRequestToken: one });

    await expect(get({ VersionId, VersionStage: 'AWSCURRENT' })).rejects.toThrow(
      ResourceNotFoundException,
    );
    expect(await get({ VersionId })).toMatchObject({ SecretString: 'former' });
  });
});
