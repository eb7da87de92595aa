import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { KeySet, SigningKmsKey, type SigningKmsKeyProps } from '../../../lib';
import { only, synthesizeConstructs } from '../../support/synthesize';

function synthesizeWith(props: (stack: Stack) => SigningKmsKeyProps = () => ({})): Template {
  return synthesizeConstructs((stack) => {
    const keys = new SigningKmsKey(stack, 'Keys', props(stack));
    const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
    keys.grantSign(new Role(stack, 'Signer', { assumedBy }));
    new KeySet(stack, 'KeySet', { keys, issuer: 'https://api.example.com' });
  });
}

/** Returns the statements about KMS in the policies of a role, by the prefix of the policy's id. */
function statementsOf(template: Template, prefix: string) {
  return Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(prefix))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => JSON.stringify(Action).includes('kms:'));
}

describe('a signing key in KMS', () => {
  it('a signing key in KMS is an elliptic curve key with which only the roles that mint can sign', () => {
    const template = synthesizeWith();
    const [id, { KeyPolicy, ...key }] = only(template, 'AWS::KMS::Key');
    const arn = { 'Fn::GetAtt': [id, 'Arn'] };

    expect(key).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    expect((KeyPolicy as { Statement: object[] }).Statement).toContainEqual({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'kms:Sign',
      Resource: '*',
      Condition: {
        ArnNotEquals: {
          'aws:PrincipalArn': [{ 'Fn::GetAtt': [expect.stringMatching(/^Signer/), 'Arn'] }],
        },
      },
    });
    expect(statementsOf(template, 'Signer')).toEqual([
      { Effect: 'Allow', Action: ['kms:GetPublicKey', 'kms:Sign'], Resource: arn },
    ]);
    expect(statementsOf(template, 'KeySet')).toEqual([
      { Effect: 'Allow', Action: 'kms:GetPublicKey', Resource: arn },
    ]);
  });

  it('a signing key in KMS needs neither a secret nor a rotation', () => {
    const template = synthesizeWith();

    for (const type of ['AWS::SecretsManager::Secret', 'AWS::SSM::Parameter']) {
      template.resourceCountIs(type, 0);
    }
    template.resourceCountIs('AWS::Lambda::Function', 1);
  });

  it('an existing key of KMS signs, and others are published in addition', () => {
    const arnOf = (key: string) => `arn:aws:kms:eu-central-1:123456789012:key/${key}`;
    const template = synthesizeWith((stack) => ({
      key: Key.fromKeyArn(stack, 'One', arnOf('one')),
      publishedKeys: [Key.fromKeyArn(stack, 'Two', arnOf('two'))],
    }));

    expect(statementsOf(template, 'Signer')).toMatchObject([{ Resource: arnOf('one') }]);
    expect(statementsOf(template, 'KeySet')).toMatchObject([
      { Resource: [arnOf('one'), arnOf('two')] },
    ]);
    expect(only(template, 'AWS::Lambda::Function')[1]).toMatchObject({
      Environment: {
        Variables: { PUBLISHED_KMS_KEY_ARNS: JSON.stringify([arnOf('one'), arnOf('two')]) },
      },
    });
    template.resourceCountIs('AWS::KMS::Key', 0);
  });

  it('a key of the app in KMS signs, whose ARN is known at deployment only', () => {
    const template = synthesizeWith((stack) => ({
      key: new Key(stack, 'Own', {
        keySpec: KeySpec.ECC_NIST_P256,
        keyUsage: KeyUsage.SIGN_VERIFY,
      }),
    }));
    const { Environment } = only(template, 'AWS::Lambda::Function')[1] as {
      Environment: { Variables: Record<string, unknown> };
    };

    expect(Environment.Variables['PUBLISHED_KMS_KEY_ARNS']).toEqual({
      'Fn::Join': ['', ['["', { 'Fn::GetAtt': [expect.stringMatching(/^Own/), 'Arn'] }, '"]']],
    });
  });
});
