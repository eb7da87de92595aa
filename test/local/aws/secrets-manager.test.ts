import {
  GetSecretValueCommand,
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

describe('embedded Secrets Manager', () => {
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

    await expect(
      client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: 'new' })),
    ).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'not supported in local mode: PutSecretValue',
    });
    await expect(get({ VersionStage: 'AWSPENDING' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('VersionStage'),
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
});
