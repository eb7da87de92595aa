import { type App, Aspects, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { AwsSolutionsChecks as AwsSolutionsChecks2 } from 'cdk-nag-2';
import { KeySet, SigningKeysSecret, SigningKmsKey } from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { type ConfigParts, stackOf } from '../../support/synthesize';

const ENVIRONMENT = { env: { region: 'cn-north-1', account: '123456789012' } };

/** Config with every optional part that adds a resource. */
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
const MINT = { issuer: 'https://api.example.com', audience: 'orders' };
const MINTING = { introspection: { response: 'json' }, token: { mint: MINT } };
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:gateway-AbCdEf';

const STACKS: [string, ConfigParts, StackProps?][] = [
  ['a minimal REST API', {}],
  ['a minimal HTTP API', { api: { type: 'HTTP' } }],
  ['a full REST API', { ...FULL, api: { ...FULL.api, ...REST_ONLY } }],
  ['a full HTTP API', { ...FULL, api: { ...FULL.api, type: 'HTTP' } }],
  ['a REST API with preflight requests of its upstream', { api: OPEN_OPTIONS }],
  ['an existing secret', { introspection: { credentialsSecretArn: SECRET } }],
  ['a known region', {}, ENVIRONMENT],
  ['a REST API that mints', MINTING],
  [
    'an HTTP API that mints with KMS',
    { ...MINTING, api: { type: 'HTTP' }, token: { mint: { ...MINT, key: 'kms' } } },
  ],
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

/** Returns the findings of cdk-nag without suppressions. */
function unsuppressedFindings(stack: Stack): Finding[] {
  const pack = new AwsSolutionsChecks();
  Object.assign(pack, { isAcknowledged: () => false });
  return findings(stack, pack);
}

function suppressions(stack: Stack): (Finding & { readonly reason: unknown })[] {
  return stack.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data))
      .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), path: node.path, reason }))
      .filter(({ rule }) => rule.startsWith('AwsSolutions')),
  );
}

describe.each(STACKS)('cdk-nag in the stack of %s', (name, parts, props) => {
  const stack = stackOf(parts, undefined, props);

  it(`suppresses every finding of cdk-nag for ${name}`, () => {
    expect(findings(stack)).toEqual([]);
  });

  it(`synthesizes ${name} with cdk-nag as a plugin`, () => {
    const app = stack.node.root as App;
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

    // Synthesis prints warnings that do not come from cdk-nag.
    jest.spyOn(console, 'error').mockImplementation();
    expect(() => app.synth()).not.toThrow();
    jest.restoreAllMocks();
  });

  it(`suppresses only rules that ${name} breaks`, () => {
    const found = unsuppressedFindings(stack);
    const unused = suppressions(stack).filter(
      ({ rule, path }) =>
        !found.some(
          (finding) => finding.rule === rule && `${finding.path}/`.startsWith(`${path}/`),
        ),
    );

    expect(found.length).toBeGreaterThan(0);
    expect(unused).toEqual([]);
  });

  it(`gives a reason for each suppression for ${name}`, () => {
    for (const { reason } of suppressions(stack)) expect(reason).toMatch(/^.{40,}\.$/);
  });
});

it('suppresses every finding of cdk-nag for the constructs with a customer-managed key', () => {
  const stack = new Stack();
  const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
  addAuthorizerFunction(stack, { encryptionKey });

  expect(findings(stack)).toEqual([]);
});

it('cdk-nag finds nothing in signing keys of both kinds', () => {
  const stack = new Stack();
  const issuer = 'https://api.example.com';
  for (const keys of [new SigningKeysSecret(stack, 'Secret'), new SigningKmsKey(stack, 'Kms')]) {
    new KeySet(stack, `KeySetOf${keys.node.id}`, { keys, issuer });
  }

  expect(findings(stack)).toEqual([]);
});
it.each(['a full REST API', 'a full HTTP API'])(
  'suppresses every finding of cdk-nag 2 for %s, and writes metadata only for it',
  (name) => {
    jest.spyOn(console, 'error').mockImplementation();
    const [, parts, props] = STACKS.find(([it]) => it === name) ?? [];
    const stack = stackOf(parts, undefined, props);
    Aspects.of(stack.node.root).add(new AwsSolutionsChecks2());
    const errors = Annotations.fromStack(stack).findError(
      '*',
      Match.stringLikeRegexp('AwsSolutions-'),
    );
    const plain = JSON.stringify(Template.fromStack(stackOf(parts, undefined, props)).toJSON());
    jest.restoreAllMocks();

    expect(errors.map(({ id, entry }) => `${id}: ${entry.data}`)).toEqual([]);
    expect(plain).not.toContain('cdk_nag');
  },
);
