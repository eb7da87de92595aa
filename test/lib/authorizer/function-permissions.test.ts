import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type AuthorizerFunctionProps, CredentialsSecret, TokenCacheTable } from '../../../lib';
import { addAuthorizerFunction, loneAuthorizerFunction } from '../../support/authorizer-function';
import { allowedBy, newStack, only, synthesizeConstructs } from '../../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';
const GROUP = 'AWS::EC2::SecurityGroup';
const KEY = 'AWS::KMS::Key';

function synthesizeWith(props: (stack: Stack) => Partial<AuthorizerFunctionProps>): Template {
  return synthesizeConstructs((stack) => {
    addAuthorizerFunction(stack, props(stack));
  });
}

describe('function in a VPC', () => {
  const inVpc = synthesizeWith((stack) => ({
    vpc: new Vpc(stack, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: false }),
  }));
  const statements = allowedBy(inVpc).filter((line) => line.includes('ec2:'));

  it('places the function in private subnets, without inbound traffic', () => {
    const [group, properties] = only(inVpc, GROUP);

    expect(properties).not.toHaveProperty('SecurityGroupIngress');
    inVpc.hasResourceProperties(FUNCTION, {
      VpcConfig: {
        SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
        SubnetIds: [
          { Ref: Match.stringLikeRegexp('PrivateSubnet1') },
          { Ref: Match.stringLikeRegexp('PrivateSubnet2') },
        ],
      },
    });
  });

  it('allows Lambda to manage network interfaces with the role', () => {
    expect(statements.filter((line) => line.startsWith('Allow'))).toEqual([
      'Allow ec2:AssignPrivateIpAddresses on "*"',
      'Allow ec2:CreateNetworkInterface on "*"',
      'Allow ec2:DeleteNetworkInterface on "*"',
      'Allow ec2:DescribeNetworkInterfaces on "*"',
      'Allow ec2:DescribeSubnets on "*"',
      'Allow ec2:UnassignPrivateIpAddresses on "*"',
    ]);
    for (const { Properties } of Object.values(inVpc.findResources('AWS::IAM::Role'))) {
      expect(JSON.stringify(Properties)).not.toContain('AWSLambda');
    }
  });

  it('denies the code of the function to manage network interfaces', () => {
    const denied = statements.filter((line) => line.startsWith('Deny'));
    const allowed = statements.filter((line) => line.startsWith('Allow'));

    for (const line of allowed) {
      const [, action] = line.split(' ');
      expect(denied).toContainEqual(expect.stringContaining(`Deny ${action} on "*" {"Condition"`));
    }
    for (const line of denied) {
      expect(line).toContain('{"ArnLike":{"lambda:SourceFunctionArn":');
      expect(line).toContain(':function:*');
    }
  });

  it('uses the configured subnets and security groups', () => {
    const template = synthesizeWith((stack) => {
      const vpc = new Vpc(stack, 'Vpc', {
        subnetConfiguration: [{ name: 'Inner', subnetType: SubnetType.PRIVATE_ISOLATED }],
        maxAzs: 1,
      });
      return {
        vpc,
        vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
        securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0a1b2c3d')],
      };
    });

    template.resourceCountIs(GROUP, 0);
    template.hasResourceProperties(FUNCTION, {
      VpcConfig: {
        SecurityGroupIds: ['sg-0a1b2c3d'],
        SubnetIds: [{ Ref: Match.stringLikeRegexp('InnerSubnet1') }],
      },
    });
  });

  it('opens the port of a private authorization server through the connections of the function', () => {
    const template = synthesizeConstructs((stack) => {
      const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1 });
      const server = new SecurityGroup(stack, 'Server', { vpc });
      server.connections.allowFrom(addAuthorizerFunction(stack, { vpc }), Port.tcp(8443));
    });

    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Server'), 'GroupId'] },
      SourceSecurityGroupId: {
        'Fn::GetAtt': [Match.stringLikeRegexp('^AuthorizerFunction'), 'GroupId'],
      },
      FromPort: 8443,
      ToPort: 8443,
    });
  });

  it('grants no permissions for network interfaces without a VPC', () => {
    const template = synthesizeWith(() => ({}));

    expect(allowedBy(template).filter((line) => line.includes('ec2:'))).toEqual([]);
    expect(() => loneAuthorizerFunction().connections).toThrow(/VPC/);
  });
});

describe('customer-managed keys', () => {
  it('encrypts environment variables and log group with the configured key', () => {
    const template = synthesizeWith((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    const [key] = only(template, KEY);
    const arn = { 'Fn::GetAtt': [key, 'Arn'] };

    template.hasResourceProperties(FUNCTION, { KmsKeyArn: arn });
    template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: arn });
  });

  it('allows CloudWatch Logs to use the key for log groups of this account and region only', () => {
    const template = synthesizeWith((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    const [, { KeyPolicy }] = only(template, KEY);
    const { Statement } = KeyPolicy as { Statement: Record<string, unknown>[] };

    expect(Statement).toContainEqual({
      Effect: 'Allow',
      Principal: {
        Service: {
          'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]],
        },
      },
      Action: [
        'kms:Decrypt*',
        'kms:Describe*',
        'kms:Encrypt*',
        'kms:GenerateDataKey*',
        'kms:ReEncrypt*',
      ],
      Resource: '*',
      Condition: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': {
            'Fn::Join': [
              '',
              [
                'arn:',
                { Ref: 'AWS::Partition' },
                ':logs:',
                { Ref: 'AWS::Region' },
                ':',
                { Ref: 'AWS::AccountId' },
                ':log-group:*',
              ],
            ],
          },
        },
      },
    });
  });

  it('does not allow CloudWatch Logs to use the key if the log group already exists', () => {
    const template = synthesizeWith((stack) => ({
      encryptionKey: new Key(stack, 'Key'),
      logGroup: new LogGroup(stack, 'Mine'),
    }));
    const [, { KeyPolicy }] = only(template, KEY);

    expect(JSON.stringify(KeyPolicy)).not.toContain('logs');
  });

  it('allows the function to use the key of the table through DynamoDB only', () => {
    const template = synthesizeWith((stack) => ({
      tokenCache: new TokenCacheTable(stack, 'TokenCache', {
        encryptionKey: new Key(stack, 'Key'),
      }),
    }));
    const [key] = only(template, KEY);

    template.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: [
              'kms:Decrypt',
              'kms:DescribeKey',
              'kms:Encrypt',
              'kms:GenerateDataKey',
              'kms:ReEncryptFrom',
              'kms:ReEncryptTo',
            ],
            Resource: { 'Fn::GetAtt': [key, 'Arn'] },
            Condition: {
              StringLike: {
                'kms:ViaService': {
                  'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.*']],
                },
              },
            },
          },
        ]),
      },
    });
  });

  it('encrypts the new secret and token cache with the configured key', () => {
    const template = synthesizeWith((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    const [key] = only(template, KEY);
    const arn = { 'Fn::GetAtt': [key, 'Arn'] };

    template.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: arn });
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { KMSMasterKeyId: arn },
    });
  });

  it('allows the function to decrypt with the key of the secret only', () => {
    const template = synthesizeWith((stack) => ({
      credentials: new CredentialsSecret(stack, 'Credentials', {
        encryptionKey: new Key(stack, 'Key'),
      }),
    }));
    const [key] = only(template, KEY);

    expect(allowedBy(template).filter((line) => line.includes('kms:'))).toEqual([
      `Allow kms:Decrypt on {"Fn::GetAtt":["${key}","Arn"]}`,
    ]);
  });
});

describe('imported secret', () => {
  const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:introspection-client';
  const readable = (secret: (stack: Stack) => ISecret) => {
    const template = synthesizeWith((stack) => ({ credentials: secret(stack) }));
    return allowedBy(template).filter((line) => line.includes('secretsmanager:'));
  };

  it('allows any suffix of the ARN of a secret that is imported by name', () => {
    const lines = readable((stack) => Secret.fromSecretNameV2(stack, 'S', 'introspection-client'));

    expect(lines).toEqual([
      expect.stringMatching(
        /^Allow secretsmanager:GetSecretValue on .*:secret:introspection-client-\?{6}"\]\]}$/,
      ),
    ]);
  });

  it('allows any suffix of the ARN of a secret that is imported by partial ARN', () => {
    expect(readable((stack) => Secret.fromSecretPartialArn(stack, 'S', ARN))).toEqual([
      `Allow secretsmanager:GetSecretValue on "${ARN}-??????"`,
    ]);
  });

  it('allows only the ARN of a secret that is imported by complete ARN', () => {
    expect(readable((stack) => Secret.fromSecretCompleteArn(stack, 'S', `${ARN}-AbCdEf`))).toEqual([
      `Allow secretsmanager:GetSecretValue on "${ARN}-AbCdEf"`,
    ]);
  });

  it('allows any suffix of the ARN of a secret of another account', () => {
    const env = { account: '111111111111', region: 'eu-central-1' };
    const stack = newStack({ env });
    const there = { account: '222222222222', region: 'eu-central-1' };
    const secret = new Secret(new Stack(stack.node.root, 'Other', { env: there }), 'Secret', {
      secretName: 'introspection-client',
    });
    addAuthorizerFunction(stack, { credentials: secret });
    const lines = allowedBy(Template.fromStack(stack));

    expect(lines.filter((line) => line.includes('secretsmanager:'))).toContainEqual(
      expect.stringMatching(/222222222222:secret:introspection-client-\?{6}/),
    );
  });

  it('allows to decrypt with the key of an imported secret', () => {
    const key = 'arn:aws:kms:eu-central-1:123456789012:key/1';
    for (const secret of [{ secretPartialArn: ARN }, { secretCompleteArn: `${ARN}-AbCdEf` }]) {
      const template = synthesizeWith((stack) => {
        const encryptionKey = Key.fromKeyArn(stack, 'ImportedKey', key);
        return {
          credentials: Secret.fromSecretAttributes(stack, 'S', { ...secret, encryptionKey }),
        };
      });

      expect(allowedBy(template).filter((line) => line.includes('kms:'))).toEqual([
        `Allow kms:Decrypt on "${key}"`,
      ]);
    }
  });
});
