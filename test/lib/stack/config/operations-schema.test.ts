import { configFaults, loadedConfig } from '../../../support/config-faults';

const faultsOf = (operations: Record<string, unknown>) => configFaults({ operations });
const vpc = { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'] };

describe('operations in a config', () => {
  it.each([
    { memoryMegabytes: 128 },
    { reservedConcurrency: 1 },
    { reservedConcurrency: 2, provisionedConcurrency: { min: 2 } },
    { reservedConcurrency: 3, provisionedConcurrency: { min: 2, max: 3 } },
    { provisionedConcurrency: { min: 1, max: 1, targetUtilization: 0.1 } },
    { vpc },
  ])('the operations of a config can be %j', (operations) => {
    expect(loadedConfig({ operations }).operations).toMatchObject(operations);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ memoryMegabytes: 127 }, 'operations.memoryMegabytes: '],
    [{ memoryMegabytes: 10_241 }, 'operations.memoryMegabytes: '],
    [{ memoryMegabytes: 512.5 }, 'operations.memoryMegabytes: '],
    [{ reservedConcurrency: 0 }, 'operations.reservedConcurrency: '],
    [{ provisionedConcurrency: 2 }, 'operations.provisionedConcurrency: '],
    [{ provisionedConcurrency: { min: 0 } }, 'operations.provisionedConcurrency.min: '],
    [{ provisionedConcurrency: { max: 2 } }, 'operations.provisionedConcurrency.min: '],
    [
      { provisionedConcurrency: { min: 2, max: 1 } },
      'operations.provisionedConcurrency.max: must not be less than min',
    ],
    [
      { provisionedConcurrency: { min: 2, targetUtilization: 0.5 } },
      'operations.provisionedConcurrency.targetUtilization: has no effect without max',
    ],
    [
      { provisionedConcurrency: { min: 2, max: 2, targetUtilization: 0.09 } },
      'operations.provisionedConcurrency.targetUtilization: ',
    ],
    [
      { provisionedConcurrency: { min: 2, max: 2, targetUtilization: 0.91 } },
      'operations.provisionedConcurrency.targetUtilization: ',
    ],
    [
      { reservedConcurrency: 1, provisionedConcurrency: { min: 2 } },
      'operations.reservedConcurrency: must not be less than the provisioned concurrency, got: ',
    ],
    [
      { reservedConcurrency: 2, provisionedConcurrency: { min: 1, max: 3 } },
      'operations.reservedConcurrency: must not be less than the provisioned concurrency, got: ',
    ],
    [
      { vpc: { ...vpc, vpcId: 'vpc-0a1b2c3' } },
      'operations.vpc.vpcId: must be an ID such as vpc-0a1b2c3d, got: "vpc-0a1b2c3"',
    ],
    [
      { vpc: { ...vpc, subnetIds: ['subnet-0a1b2c3d', 'sg-0a1b2c3d'] } },
      'operations.vpc.subnetIds[1]: must be an ID such as subnet-0a1b2c3d, got: "sg-0a1b2c3d"',
    ],
    [{ vpc: { ...vpc, subnetIds: [] } }, 'operations.vpc.subnetIds: '],
    [{ vpc: { ...vpc, securityGroupIds: [] } }, 'operations.vpc.securityGroupIds: '],
    [{ vpc: { vpcId: 'vpc-0a1b2c3d' } }, 'operations.vpc.subnetIds: '],
    [{ vpc: { ...vpc, zone: 'a' } }, 'operations.vpc.zone: is not a known key'],
    [
      { alarmTopicArn: 'arn:aws:sqs:eu-central-1:123456789012:alarms' },
      'operations.alarmTopicArn: must be the ARN of an SNS topic',
    ],
    [
      { alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms:sub' },
      'operations.alarmTopicArn: must be the ARN of an SNS topic',
    ],
    [{ dashboard: 'yes' }, 'operations.dashboard: '],
    [{ logIdentities: 0 }, 'operations.logIdentities: '],
    [{ alarms: true }, 'operations.alarms: is not a known key'],
  ])('the operations of a config cannot be %j', (operations, fault) => {
    expect(faultsOf(operations)).toEqual([expect.stringContaining(fault)]);
  });
});
