import { type App, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { type ConfigParts, stackOf } from '../../support/synthesize';

const ENVIRONMENT = { env: { region: 'cn-north-1', account: '123456789012' } };

/** Whatever makes a resource more. */
const FULL: ConfigParts = {
  introspection: { clientAuthentication: 'private_key_jwt' },
  token: { issuer: 'https://login.example.com', audience: 'api' },
  api: {
    scopes: ['read'],
    routes: [
      { method: 'ANY', path: '/orders/{proxy+}', scopes: ['orders'] },
      { method: 'GET', path: '/orders' },
      { method: 'GET', path: '/health', public: true },
    ],
    cors: { allowOrigins: ['https://app.example.com'] },
  },
  operations: {
    reservedConcurrency: 10,
    provisionedConcurrency: { min: 1, max: 2 },
    vpc: { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'] },
    alarmTopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
    dashboard: true,
  },
};
const REST_ONLY = {
  protectedResource: { resource: 'https://api.example.com' },
  usageIdentifierClaim: 'sub',
};
const OPEN_OPTIONS = {
  routes: [
    { method: 'GET', path: '/orders' },
    { method: 'OPTIONS', path: '/orders', public: true },
  ],
};
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:gateway-AbCdEf';

const STACKS: [string, ConfigParts, StackProps?][] = [
  ['a minimal REST API', {}],
  ['a minimal HTTP API', { api: { type: 'HTTP' } }],
  ['a full REST API', { ...FULL, api: { ...FULL.api, ...REST_ONLY } }],
  ['a full HTTP API', { ...FULL, api: { ...FULL.api, type: 'HTTP' } }],
  ['a REST API with preflight requests of its upstream', { api: OPEN_OPTIONS }],
  ['a secret that is there already', { introspection: { credentialsSecretArn: SECRET } }],
  ['a known partition', {}, ENVIRONMENT],
];

interface Finding {
  readonly rule: string;
  readonly path: string;
}

function findings(stack: Stack, pack = new AwsSolutionsChecks()): Finding[] {
  return pack
    .validateScope(stack)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({ rule: ruleName, path: constructPath })),
    );
}

/** What cdk-nag would find if nothing were acknowledged. */
function findingsOf(stack: Stack): Finding[] {
  const pack = new AwsSolutionsChecks();
  Object.assign(pack, { isAcknowledged: () => false });
  return findings(stack, pack);
}

function acknowledgments(stack: Stack): (Finding & { readonly reason: unknown })[] {
  return stack.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data))
      .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), path: node.path, reason }))
      .filter(({ rule }) => rule.startsWith('AwsSolutions')),
  );
}

describe.each(STACKS)('cdk-nag, in the stack of %s,', (_, parts, props) => {
  const stack = stackOf(parts, undefined, props);

  it('finds nothing that is not acknowledged', () => {
    expect(findings(stack)).toEqual([]);
  });

  it('lets the app be synthesized', () => {
    const app = stack.node.root as App;
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

    // It prints warnings that are none of cdk-nag's.
    jest.spyOn(console, 'error').mockImplementation();
    expect(() => app.synth()).not.toThrow();
    jest.restoreAllMocks();
  });

  it('would find something for each acknowledgment: none is left over', () => {
    const found = findingsOf(stack);
    const leftOver = acknowledgments(stack).filter(
      ({ rule, path }) =>
        !found.some(
          (finding) => finding.rule === rule && `${finding.path}/`.startsWith(`${path}/`),
        ),
    );

    expect(found.length).toBeGreaterThan(0);
    expect(leftOver).toEqual([]);
  });

  it('is told a reason for each', () => {
    for (const { reason } of acknowledgments(stack)) expect(reason).toMatch(/^.{40,}\.$/);
  });
});

it('cdk-nag finds nothing in the constructs alone, with a key of your own', () => {
  const stack = new Stack();
  const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
  addAuthorizerFunction(stack, { encryptionKey });

  expect(findings(stack)).toEqual([]);
});
