import { allowedBy, synthesize } from '../../support/synthesize';

/** As much of the stack as there is. */
const EVERYTHING = {
  api: { cors: { allowOrigins: ['*'] } },
  operations: {
    provisionedConcurrency: { min: 1, max: 2 },
    vpc: { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'] },
    dashboard: true,
  },
};

describe.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('in %s', (region, partition) => {
  const arn = `arn:${partition}:sns:${region}:123456789012:alarms`;

  it.each(['REST', 'HTTP'])('the stack of a %s API names no other partition', (type) => {
    const { template } = synthesize(
      {
        ...EVERYTHING,
        api: { ...EVERYTHING.api, type },
        operations: { ...EVERYTHING.operations, alarmTopicArn: arn },
      },
      undefined,
      { env: { region, account: '123456789012' } },
    );
    const text = JSON.stringify(template.toJSON());
    const partitions = [...text.matchAll(/\barn:([\w-]+):/g)].map(([, name]) => name);

    expect(new Set(partitions)).toEqual(new Set([partition]));
    expect(text).not.toContain('arn:aws:');
  });

  it('the function is denied network interfaces by its own ARN there', () => {
    const { template } = synthesize(EVERYTHING, undefined, {
      env: { region, account: '123456789012' },
    });

    expect(allowedBy(template).filter((line) => line.startsWith('Deny'))).toContainEqual(
      expect.stringContaining(`arn:${partition}:lambda:${region}:123456789012:function:*`),
    );
  });
});

it('without a region the stack is for whatever partition it is deployed to', () => {
  const { template } = synthesize(EVERYTHING);

  expect(JSON.stringify(template.toJSON())).not.toMatch(/\barn:aws/);
});
