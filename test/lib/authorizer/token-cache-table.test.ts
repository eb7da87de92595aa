import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { TokenCacheTable, type TokenCacheTableProps } from '../../../lib';
import { only, synthesizeConstructs } from '../../support/synthesize';

const TABLE = 'AWS::DynamoDB::Table';
const table = (props?: TokenCacheTableProps) =>
  synthesizeConstructs((stack) => new TokenCacheTable(stack, 'TokenCache', props));

describe('TokenCacheTable', () => {
  it('deletes the table with the stack by default', () => {
    table().hasResource(TABLE, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('retains the table when removalPolicy is RETAIN', () => {
    table({ removalPolicy: RemovalPolicy.RETAIN }).hasResource(TABLE, { DeletionPolicy: 'Retain' });
  });

  it('uses the configured name and key of the table', () => {
    const template = synthesizeConstructs(
      (stack) =>
        new TokenCacheTable(stack, 'TokenCache', {
          tableName: 'tokens',
          encryptionKey: new Key(stack, 'Key'),
        }),
    );
    const [key] = only(template, 'AWS::KMS::Key');

    template.hasResourceProperties(TABLE, {
      TableName: 'tokens',
      SSESpecification: {
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
      },
    });
  });
});
