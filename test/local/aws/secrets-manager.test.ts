import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidRequestException,
  ListSecretsCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
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

beforeEach(async () => {
  secretsManager = await startSecretsManager();
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
const put = (more: object) =>
  client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: 'new', ...more }));

describe('the Secrets Manager stand-in', () => {
  it.each([
    ['its ARN', arn],
    ['its ARN without the suffix', arn.slice(0, -7)],
    ['its name', 'introspection-client'],
  ])('finds a secret by %s', async (_, SecretId) => {
    create({ Description: 'the gateway', KmsKeyId: 'key', Tags: [] }, '{"client_id":"gateway"}');

    expect(await get({ SecretId })).toMatchObject({
      ARN: arn,
      Name: 'introspection-client',
      SecretString: '{"client_id":"gateway"}',
      VersionStages: ['AWSCURRENT'],
      VersionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      CreatedDate: expect.any(Date),
    });
    expect(secretsManager.operations()).toEqual({ GetSecretValue: 1 });
  });

  it.each(['introspection', 'introspection-client-AbCdEf', arn.slice(0, -1), arn.slice(0, -8)])(
    'does not find it by %s',
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

  it('keeps the previous version when a secret is updated', async () => {
    create({}, 'old');
    const { VersionId: oldId } = await get();

    const { VersionId: newId } = await put({});

    expect(await get()).toMatchObject({ SecretString: 'new', VersionId: newId });
    expect(await get({ VersionId: oldId })).toMatchObject({ SecretString: 'old' });
    expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'old',
      VersionId: oldId,
      VersionStages: ['AWSPREVIOUS'],
    });
    const described = await client.send(new DescribeSecretCommand({ SecretId: arn }));
    expect(described).toMatchObject({
      ARN: arn,
      Name: 'introspection-client',
      VersionIdsToStages: { [String(oldId)]: ['AWSPREVIOUS'], [String(newId)]: ['AWSCURRENT'] },
    });
  });

  it('makes one version of an update that is sent twice', async () => {
    create({}, 'old');
    const ClientRequestToken = '11111111-1111-4111-8111-111111111111';

    await put({ ClientRequestToken });
    await put({ ClientRequestToken });

    expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'old' });
    await expect(put({ ClientRequestToken, SecretString: 'other' })).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  it('refuses a version and a stage that do not belong together', async () => {
    create({}, 'old');
    const { VersionId } = await get();
    await put({});

    await expect(get({ VersionId, VersionStage: 'AWSCURRENT' })).rejects.toThrow(
      InvalidRequestException,
    );
    expect(await get({ VersionId, VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'old',
    });
  });

  it('finds no value in an empty secret, no previous and no unknown version', async () => {
    create({});
    await expect(get()).rejects.toThrow(ResourceNotFoundException);

    await put({});
    await expect(get({ VersionStage: 'AWSPREVIOUS' })).rejects.toThrow(ResourceNotFoundException);
    await expect(get({ VersionId: 'x'.repeat(32) })).rejects.toThrow(ResourceNotFoundException);
  });

  it('holds secrets that the template does not make', async () => {
    secretsManager.addSecret(arn, 'introspection-client', 'imported');

    expect(await get()).toMatchObject({ SecretString: 'imported' });
  });

  it('says what it does not imitate', async () => {
    create({}, 'value');

    await expect(client.send(new ListSecretsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
    await expect(put({ VersionStages: ['AWSPENDING'] })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('VersionStages'),
    });
    expect(() => create({ ReplicaRegions: [] })).toThrow(
      /Credentials \(AWS::SecretsManager::Secret\): .*ReplicaRegions/,
    );
  });

  it.each([
    ['unsigned', {}, 'MissingAuthenticationTokenException', '{}'],
    ['not JSON', { authorization: 'AWS4-HMAC-SHA256 x' }, 'SerializationException', 'SecretId=x'],
  ])('refuses a request that is %s', async (_, headers, type, body) => {
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

  it('is a password of 32 characters of every type', async () => {
    const password = await generated({});

    expect(password).toHaveLength(32);
    for (const type of [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9 ]/]) expect(password).toMatch(type);
    expect(password).not.toContain(' ');
  });

  it('stands under its key beside the rest of the template', async () => {
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

  it('holds only what its rules leave', async () => {
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

  it('gives way to a value that is given', async () => {
    create({ GenerateSecretString: {} }, 'given');

    expect(await get()).toMatchObject({ SecretString: 'given' });
  });
});
