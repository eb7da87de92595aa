import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type AuthorizerFunctionProps, CredentialsSecret, TokenCacheTable } from '../../../lib';
import { addAuthorizerFunction, loneAuthorizerFunction } from '../../support/authorizer-function';
import { allowedBy, only, synthesizeConstructs } from '../../support/synthesize';

const FUNCTION = 'AWS::Lambda::Function';
const GROUP = 'AWS::EC2::SecurityGroup';
const KEY = 'AWS::KMS::Key';

function synthesizeWith(props: (stack: Stack) => Partial<AuthorizerFunctionProps>): Template {
  return synthesizeConstructs((stack) => {
    addAuthorizerFunction(stack, props(stack));
  });
}

describe('in a VPC', () => {
  const inVpc = synthesizeWith((stack) => ({
    vpc: new Vpc(stack, 'Vpc', { maxAzs: 2, restrictDefaultSecurityGroup: false }),
  }));
  const statements = allowedBy(inVpc).filter((line) => line.includes('ec2:'));

  it('the function stands in private subnets, with a security group that lets nothing in', () => {
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

  it('Lambda may manage network interfaces by the role', () => {
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

  it('the code of the function may not do what Lambda may', () => {
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

  it('the function stands where it is told to, with the groups it is given', () => {
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

  it('the function is let through to a private authorization server by its connections', () => {
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

  it('only has the function connections and these permissions', () => {
    const template = synthesizeWith(() => ({}));

    expect(allowedBy(template).filter((line) => line.includes('ec2:'))).toEqual([]);
    expect(() => loneAuthorizerFunction().connections).toThrow(/VPC/);
  });
});

describe('with customer-managed keys', () => {
  it('environment and log group are encrypted by the one given', () => {
    const template = synthesizeWith((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    const [key] = only(template, KEY);
    const arn = { 'Fn::GetAtt': [key, 'Arn'] };

    template.hasResourceProperties(FUNCTION, { KmsKeyArn: arn });
    template.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: arn });
  });

  it('CloudWatch Logs may use the key for logs of this account and region only', () => {
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

  it('CloudWatch Logs may not use it where the log group is another one', () => {
    const template = synthesizeWith((stack) => ({
      encryptionKey: new Key(stack, 'Key'),
      logGroup: new LogGroup(stack, 'Mine'),
    }));
    const [, { KeyPolicy }] = only(template, KEY);

    expect(JSON.stringify(KeyPolicy)).not.toContain('logs');
  });

  it('the function may use the key of the table, through DynamoDB alone', () => {
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

  it('secret and token cache that are made here are encrypted by the one given too', () => {
    const template = synthesizeWith((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    const [key] = only(template, KEY);
    const arn = { 'Fn::GetAtt': [key, 'Arn'] };

    template.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: arn });
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { KMSMasterKeyId: arn },
    });
  });

  it('the function may decrypt by the key of the secret, and nothing more', () => {
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

describe('a secret that the stack does not make', () => {
  const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:introspection-client';
  const readable = (secret: (stack: Stack) => ISecret) => {
    const template = synthesizeWith((stack) => ({ credentials: secret(stack) }));
    return allowedBy(template).filter((line) => line.includes('secretsmanager:'));
  };

  it('is readable with whatever suffix where it is imported by name', () => {
    const lines = readable((stack) => Secret.fromSecretNameV2(stack, 'S', 'introspection-client'));

    expect(lines).toEqual([
      expect.stringMatching(
        /^Allow secretsmanager:GetSecretValue on .*:secret:introspection-client-\?{6}"\]\]}$/,
      ),
    ]);
  });

  it('is readable with whatever suffix where it is imported by partial ARN', () => {
    expect(readable((stack) => Secret.fromSecretPartialArn(stack, 'S', ARN))).toEqual([
      `Allow secretsmanager:GetSecretValue on "${ARN}-??????"`,
    ]);
  });

  it('is readable alone where it is imported by complete ARN', () => {
    expect(readable((stack) => Secret.fromSecretCompleteArn(stack, 'S', `${ARN}-AbCdEf`))).toEqual([
      `Allow secretsmanager:GetSecretValue on "${ARN}-AbCdEf"`,
    ]);
  });

  it('is readable with whatever suffix where it belongs to another account', () => {
    const env = { account: '111111111111', region: 'eu-central-1' };
    const stack = new Stack(new App(), 'Stack', { env });
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

  it('is decrypted with its own key, whichever way it is imported', () => {
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
