import { allowedBy, synthesize } from '../../support/synthesize';

/** Config with every optional part of the stack. */
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
  const templateOf = (type: string) =>
    synthesize(
      {
        ...EVERYTHING,
        api: { ...EVERYTHING.api, type },
        operations: { ...EVERYTHING.operations, alarmTopicArn: arn },
      },
      undefined,
      { env: { region, account: '123456789012' } },
    ).template;

  it.each(['REST', 'HTTP'])(
    `names only ARNs of partition ${partition} in the stack of a %s API`,
    (type) => {
      const text = JSON.stringify(templateOf(type).toJSON());
      const partitions = [...text.matchAll(/\barn:([\w-]+):/g)].map(([, name]) => name);

      expect(new Set(partitions)).toEqual(new Set([partition]));
      expect(text).not.toContain('arn:aws:');
    },
  );

  it(`denies the function's code network interfaces in partition ${partition}`, () => {
    const statements = allowedBy(templateOf('REST'));

    expect(statements.filter((line) => line.startsWith('Deny'))).toContainEqual(
      expect.stringContaining(`arn:${partition}:lambda:${region}:123456789012:function:*`),
    );
  });
});

it('names no partition in a stack without a region', () => {
  const { template } = synthesize(EVERYTHING);

  expect(JSON.stringify(template.toJSON())).not.toMatch(/\barn:aws/);
});
