import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CredentialsSecret } from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { only, synthesize, synthesizeConstructs } from '../../support/synthesize';

const SECRET = 'AWS::SecretsManager::Secret';

describe('the secret of the credentials', () => {
  it('outlives the stack', () => {
    const template = synthesizeConstructs((stack) => new CredentialsSecret(stack, 'Credentials'));

    template.hasResource(SECRET, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('goes with the stack where that is wanted', () => {
    const template = synthesizeConstructs(
      (stack) =>
        new CredentialsSecret(stack, 'Credentials', { removalPolicy: RemovalPolicy.DESTROY }),
    );

    template.hasResource(SECRET, { DeletionPolicy: 'Delete' });
  });

  it('has the name, key and replicas that it is given', () => {
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

  it('is rotated by a function of yours, which alone may write it', () => {
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

describe('the value of the secret', () => {
  const operations = { dashboard: true, provisionedConcurrency: { min: 1 } };
  const imported = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:gateway-AbCdEf';

  it.each<[string, Template]>([
    ['of a REST API', synthesize({ operations }).template],
    ['of an HTTP API', synthesize({ operations, api: { type: 'HTTP' } }).template],
    [
      'with a secret that is there already',
      synthesize({ operations, introspection: { credentialsSecretArn: imported } }).template,
    ],
  ])('is neither in the template, in an output nor in the environment %s', (_, template) => {
    const text = JSON.stringify(template.toJSON());
    const secrets = Object.values(template.findResources(SECRET));

    // A dynamic reference has CloudFormation put the value in: there must be none.
    expect(text.match(/\{\{resolve:[^}]*/g)).toBeNull();
    expect(text.match(/"SecretString":.{0,40}/g)).toBeNull();
    expect(secrets.map(({ Properties }) => Properties.GenerateSecretString)).toEqual(
      secrets.map(() => ({})),
    );
  });

  it('is where nobody but the function is let read it', () => {
    const readers = Object.values(
      synthesize({ operations }).template.findResources('AWS::IAM::Policy'),
    )
      .filter((policy) => JSON.stringify(policy).includes('secretsmanager:'))
      .map(({ Properties }) => Properties.Roles);

    expect(readers).toEqual([[{ Ref: expect.stringMatching(/^AuthorizerRole/) }]]);
  });
});
