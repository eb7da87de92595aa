import { environmentVariables } from '../../../local/lambda/environment-variables';
import { readFunction } from '../../../local/lambda/function';

const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:authorizer';
const minimal = { Runtime: 'nodejs24.x', Handler: 'index.handler', Code: {}, Role: 'arn:role' };
const read = (properties: object) =>
  readFunction({ logicalId: 'Fn', type: 'AWS::Lambda::Function', properties }, arn, '/asset');

describe('readFunction', () => {
  it('readFunction sets the defaults of CloudFormation', () => {
    expect(read(minimal)).toEqual({
      arn,
      name: 'authorizer',
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      timeoutSeconds: 3,
      memoryMegabytes: 128,
      logGroupName: '/aws/lambda/authorizer',
      assetDirectory: '/asset',
      environment: {},
    });
  });

  it('readFunction reads every property with a local effect', () => {
    const definition = read({
      ...minimal,
      FunctionName: 'authorizer',
      Timeout: 10,
      MemorySize: 512,
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: '/authorizer', LogFormat: 'JSON' },
      Environment: { Variables: { ISSUER: 'https://login.example.com' } },
      Tags: [{ Key: 'team', Value: 'orders' }],
    });

    expect(definition).toMatchObject({
      timeoutSeconds: 10,
      memoryMegabytes: 512,
      logGroupName: '/authorizer',
      environment: { ISSUER: 'https://login.example.com' },
    });
  });

  it.each([
    ['an unknown property', { FileSystemConfigs: [] }, 'FileSystemConfigs'],
    ['another language', { Runtime: 'python3.13' }, 'Runtime'],
    ['a container image', { PackageType: 'Image' }, 'PackageType'],
    ['a timeout over 900 seconds', { Timeout: 901 }, 'Timeout'],
    ['a reserved variable', { Environment: { Variables: { AWS_REGION: 'x' } } }, 'AWS_REGION'],
    ['a variable that is not a string', { Environment: { Variables: { A: { Ref: 'B' } } } }, 'A'],
  ])('readFunction names the unsupported property: %s', (_, properties, name) => {
    expect(() => read({ ...minimal, ...properties })).toThrow(
      new RegExp(`Fn \\(AWS::Lambda::Function\\): .*${name}`),
    );
  });

  it('readFunction accepts a timeout of 900 seconds', () => {
    expect(read({ ...minimal, Timeout: 900 }).timeoutSeconds).toBe(900);
  });
});

describe('environmentVariables', () => {
  const definition = read({ ...minimal, Environment: { Variables: { NAME: 'value', TZ: 'x' } } });

  it('environment variables are those of the template and of Lambda', () => {
    expect(environmentVariables(definition, {}, {})).toEqual({
      NAME: 'value',
      TZ: 'x',
      LANG: 'en_US.UTF-8',
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: '/asset',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_FUNCTION_NAME: 'authorizer',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/authorizer',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(
        /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/,
      ),
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
    });
  });

  it('environment variables inherit only PATH and NODE_EXTRA_CA_CERTS', () => {
    const machine = { PATH: '/bin', NODE_EXTRA_CA_CERTS: '/ca.pem', NPM_TOKEN: 'secret' };

    const variables = environmentVariables(definition, {}, machine);

    expect(variables).toMatchObject({ PATH: '/bin', NODE_EXTRA_CA_CERTS: '/ca.pem' });
    expect(variables).not.toHaveProperty('NPM_TOKEN');
  });

  it('additional environment variables override all others', () => {
    const variables = environmentVariables(definition, { NAME: 'other', AWS_REGION: 'local' }, {});

    expect(variables).toMatchObject({ NAME: 'other', AWS_REGION: 'local' });
  });
});
