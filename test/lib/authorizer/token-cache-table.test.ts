import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { PropError, TokenCacheTable, type TokenCacheTableProps } from '../../../lib';
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

  it('warms the table up as configured', () => {
    const warmThroughput = { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 10_000 };

    table({ warmThroughput }).hasResourceProperties(TABLE, {
      WarmThroughput: { ReadUnitsPerSecond: 12_000, WriteUnitsPerSecond: 10_000 },
    });
  });

  it.each([
    [{ readUnitsPerSecond: 11_999 }, 'readUnitsPerSecond must be at least 12000, got: 11999'],
    [{ writeUnitsPerSecond: 3999 }, 'writeUnitsPerSecond must be at least 4000, got: 3999'],
    [{ writeUnitsPerSecond: 4000.5 }, 'writeUnitsPerSecond must be at least 4000, got: 4000.5'],
  ])('rejects a warm throughput of %j', (warmThroughput, message) => {
    expect(() => table({ warmThroughput })).toThrow(new PropError(`warmThroughput.${message}`));
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
