import { Duration, type Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  KeySet,
  SigningAlgorithm,
  SigningKeysSecret,
  type SigningKeysSecretProps,
} from '../../../lib';
import { newStack, only, synthesizeConstructs } from '../../support/synthesize';

const SECRET = 'AWS::SecretsManager::Secret';
const SCHEDULE = 'AWS::SecretsManager::RotationSchedule';
const POLICY = 'AWS::IAM::Policy';

function synthesizeWith(props: (stack: Stack) => SigningKeysSecretProps = () => ({})): Template {
  return synthesizeConstructs((stack) => {
    const keys = new SigningKeysSecret(stack, 'Keys', props(stack));
    const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
    keys.grantSign(new Role(stack, 'Signer', { assumedBy }));
    new KeySet(stack, 'KeySet', { keys, issuer: 'https://api.example.com' });
  });
}

/** Returns the actions that the role with an id prefix is allowed, except logging. */
function actionsOf(template: Template, role: string): string[] {
  const roles = [{ Ref: Match.stringLikeRegexp(`^${role}`) }];
  const found = template.findResources(POLICY, { Properties: { Roles: roles } });
  return Object.values(found)
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .flatMap(({ Action, Resource }) => {
      if (JSON.stringify(Resource).includes('*')) throw new Error('wildcard');
      return [Action].flat();
    })
    .filter((action: string) => !action.startsWith('logs:'))
    .sort();
}

describe('signing keys in a secret', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesizeWith();
  });

  it('the template contains no key, and its value of the secret never changes', () => {
    const [, properties] = only(template, SECRET);

    expect(properties).toMatchObject({ SecretString: '{}' });
    expect(only(template, 'AWS::SSM::Parameter')[1]).toMatchObject({ Value: '{"keys":[]}' });
  });

  it('the deployment rotates the secret at once, then every 30 days', () => {
    const [functionId] = only(template, 'AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('^Rotates'),
    });

    expect(only(template, SCHEDULE)[1]).toEqual({
      SecretId: { Ref: only(template, SECRET)[0] },
      RotationLambdaARN: { 'Fn::GetAtt': [functionId, 'Arn'] },
      RotateImmediatelyOnUpdate: true,
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
    });
  });

  it('the first rotation waits for the function and its permissions', () => {
    const [schedule] = Object.values(template.findResources(SCHEDULE));
    const policies = Object.keys(template.findResources(POLICY));
    const permissions = Object.keys(template.findResources('AWS::Lambda::Permission'));

    expect(schedule?.['DependsOn']).toEqual(
      expect.arrayContaining([...permissions, ...policies.filter((id) => id.includes('Rotation'))]),
    );
    expect(permissions).toHaveLength(1);
  });

  it('only Secrets Manager can invoke the rotation function, for this secret', () => {
    expect(only(template, 'AWS::Lambda::Permission')[1]).toMatchObject({
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
      SourceArn: { Ref: only(template, SECRET)[0] },
    });
  });

  it('the rotation function can change the secret and the key set, and nothing else', () => {
    expect(actionsOf(template, 'KeysRotation')).toEqual([
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
      'ssm:GetParameter',
      'ssm:PutParameter',
    ]);
  });

  it('a role that signs can read the secret, and the function that publishes keys cannot', () => {
    expect(actionsOf(template, 'Signer')).toEqual(['secretsmanager:GetSecretValue']);
    expect(actionsOf(template, 'KeySetRole')).toEqual(['ssm:GetParameter']);
  });

  it('the policy of the secret denies reading it to all other principals', () => {
    const [, { ResourcePolicy }] = only(template, 'AWS::SecretsManager::ResourcePolicy');

    expect(ResourcePolicy).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'secretsmanager:GetSecretValue',
          Resource: '*',
          Condition: {
            ArnNotEquals: {
              'aws:PrincipalArn': [
                { 'Fn::GetAtt': [expect.stringMatching(/^KeysRotationRole/), 'Arn'] },
                { 'Fn::GetAtt': [expect.stringMatching(/^Signer/), 'Arn'] },
              ],
            },
          },
        },
      ],
    });
  });
});

describe('props of signing keys in a secret', () => {
  it('the schedule, the algorithm and the key of the secret can be chosen', () => {
    const template = synthesizeWith((stack) => ({
      rotateAfter: Duration.days(7),
      algorithm: SigningAlgorithm.EDDSA,
      encryptionKey: new Key(stack, 'Key'),
    }));

    template.hasResourceProperties(SCHEDULE, {
      RotationRules: { ScheduleExpression: 'rate(7 days)' },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ SIGNING_ALGORITHM: 'EdDSA' }) },
    });
    template.hasResourceProperties(SECRET, { KmsKeyId: Match.anyValue() });
    expect(actionsOf(template, 'Signer')).toContain('kms:Decrypt');
    expect(actionsOf(template, 'KeysRotation')).toEqual(
      expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey']),
    );
  });

  it.each([Duration.days(3), Duration.hours(97), Duration.days(1001)])(
    'rejects %s between two rotations',
    (rotateAfter) => {
      expect(() => new SigningKeysSecret(newStack(), 'Keys', { rotateAfter })).toThrow(
        /^rotateAfter must be between 4 and 1000 days, got: /,
      );
    },
  );

  it('rejects an algorithm that signs no phantom tokens', () => {
    const algorithm = 'HS256' as SigningAlgorithm;

    expect(() => new SigningKeysSecret(newStack(), 'Keys', { algorithm })).toThrow(
      'algorithm must be one of ES256, EdDSA, PS256 and RS256, got: "HS256"',
    );
  });
});
