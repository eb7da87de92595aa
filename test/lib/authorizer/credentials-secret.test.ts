import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CredentialsSecret } from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { only, synthesize, synthesizeConstructs } from '../../support/synthesize';

const SECRET = 'AWS::SecretsManager::Secret';

describe('CredentialsSecret', () => {
  it('retains the secret when the stack is deleted', () => {
    const template = synthesizeConstructs((stack) => new CredentialsSecret(stack, 'Credentials'));

    template.hasResource(SECRET, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('deletes the secret when removalPolicy is DESTROY', () => {
    const template = synthesizeConstructs(
      (stack) =>
        new CredentialsSecret(stack, 'Credentials', { removalPolicy: RemovalPolicy.DESTROY }),
    );

    template.hasResource(SECRET, { DeletionPolicy: 'Delete' });
  });

  it('uses the configured name, key and replicas of the secret', () => {
    const template = synthesizeConstructs(
      (stack) =>
        new CredentialsSecret(stack, 'Credentials', {
          secretName: 'gateway/introspection',
          encryptionKey: new Key(stack, 'Key'),
          replicaRegions: [{ region: 'eu-west-1' }],
        }),
    );
    const [key] = only(template, 'AWS::KMS::Key');

    template.hasResourceProperties(SECRET, {
      Name: 'gateway/introspection',
      KmsKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
      ReplicaRegions: [{ Region: 'eu-west-1' }],
    });
  });

  it('allows only the rotation function to write the secret', () => {
    const template = synthesizeConstructs((stack) => {
      const credentials = new CredentialsSecret(stack, 'Credentials');
      addAuthorizerFunction(stack, { credentials });
      credentials.addRotationSchedule('Rotation', {
        rotationLambda: new LambdaFunction(stack, 'Rotate', {
          runtime: Runtime.NODEJS_24_X,
          handler: 'index.handler',
          code: Code.fromInline('exports.handler = async () => {}'),
        }),
        automaticallyAfter: Duration.days(7),
        rotateImmediatelyOnUpdate: false,
      });
    });
    const [secret] = only(template, SECRET);
    const writers = Object.entries(template.findResources('AWS::IAM::Policy')).filter(
      ([, { Properties }]) => JSON.stringify(Properties).includes('secretsmanager:PutSecretValue'),
    );

    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      SecretId: { Ref: secret },
      RotateImmediatelyOnUpdate: false,
      RotationRules: { ScheduleExpression: 'rate(7 days)' },
    });
    expect(writers.map(([id]) => id)).toEqual([expect.stringMatching(/^Rotate/)]);
  });
});

describe('value of the secret', () => {
  const operations = { dashboard: true, provisionedConcurrency: { min: 1 } };
  const imported = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:gateway-AbCdEf';

  it.each<[string, Template]>([
    ['a REST API', synthesize({ operations }).template],
    ['an HTTP API', synthesize({ operations, api: { type: 'HTTP' } }).template],
    [
      'an existing secret',
      synthesize({ operations, introspection: { credentialsSecretArn: imported } }).template,
    ],
  ])('keeps the credentials out of the template of %s', (_, template) => {
    const text = JSON.stringify(template.toJSON());
    const secrets = Object.values(template.findResources(SECRET));

    // CloudFormation would insert the value for a dynamic reference, so there must be none.
    expect(text.match(/\{\{resolve:[^}]*/g)).toBeNull();
    expect(text.match(/"SecretString":.{0,40}/g)).toBeNull();
    expect(secrets.map(({ Properties }) => Properties.GenerateSecretString)).toEqual(
      secrets.map(() => ({})),
    );
  });

  it('allows only the role of the function to read the secret', () => {
    const readers = Object.values(
      synthesize({ operations }).template.findResources('AWS::IAM::Policy'),
    )
      .filter((policy) => JSON.stringify(policy).includes('secretsmanager:'))
      .map(({ Properties }) => Properties.Roles);

    expect(readers).toEqual([[{ Ref: expect.stringMatching(/^AuthorizerRole/) }]]);
  });
});
