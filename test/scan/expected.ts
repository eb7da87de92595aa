/** Versions of the scanners for which the findings were checked. */
export const VERSIONS = { 'cfn-lint': '1.58.0', checkov: '3.3.30' } as const;

const required = (type: 'REST' | 'HTTP') => ({
  introspection: { endpoint: 'https://login.example.com/introspect' },
  token: { audience: 'orders' },
  api: { type, upstream: 'https://orders.example.com' },
});
const operations = {
  alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
  dashboard: true,
};
/** Settings that scanners ask for, each with a config key. */
const hardened = {
  ...operations,
  encryptionKeyArn:
    'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666',
  logRetentionDays: 365,
  reservedConcurrency: 50,
  throttle: { rateLimit: 100, burstLimit: 200 },
  vpc: { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'] },
};

/** Configs whose templates are scanned. */
export const CONFIGS: Readonly<Record<string, object>> = {
  Rest: { ...required('REST'), operations },
  Http: { ...required('HTTP'), operations },
  HardenedRest: { ...required('REST'), operations: hardened },
  HardenedHttp: { ...required('HTTP'), operations: hardened },
};

/** Rules of checkov that config keys satisfy: keys, VPC and concurrency. */
const BY_CONFIG = [
  ...['CKV_AWS_115', 'CKV_AWS_117', 'CKV_AWS_119', 'CKV_AWS_149', 'CKV_AWS_158'],
  'CKV_AWS_173',
];

/** Findings of checkov that remain, by config. */
export const LEFT_OF_CHECKOV: Readonly<Record<string, readonly string[]>> = {
  Rest: BY_CONFIG,
  Http: BY_CONFIG,
};
