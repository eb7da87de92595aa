import {
  Aspects,
  type CfnResource,
  type Stack,
  type StackProps,
  Stage,
  Validations,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  NIST80053R5Checks,
  PCIDSS321Checks,
} from 'cdk-nag';
import { AwsSolutionsChecks as AwsSolutionsChecks2 } from 'cdk-nag-2';
import { KeySet, SigningKeysSecret, SigningKmsKey } from '../../../lib';
import { acknowledge } from '../../../lib/cdk/nag-suppressions';
import { SCANNER_RULES } from '../../../lib/cdk/scanner-rules';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import {
  addStack,
  type ConfigParts,
  newApp,
  newStack,
  quietly,
  stackOf,
  synthesize,
} from '../../support/synthesize';

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

/** App with each of the stacks in a stage of its own, since they have the same name. */
const app = newApp();

describe.each(STACKS)('cdk-nag in the stack of %s', (name, parts, props) => {
  const stage = new Stage(app, name.replaceAll(' ', '-'));
  const stack = addStack(stage, parts, undefined, props);

  it(`suppresses every finding of cdk-nag for ${name}`, () => {
    expect(findings(stack)).toEqual([]);
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

it('synthesizes the stacks with cdk-nag as a plugin', () => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

  // Synthesis prints warnings that do not come from cdk-nag.
  expect(() => quietly(() => app.synth())).not.toThrow();
});

/** Rules that a config can satisfy, or that only the operator can. */
const LEFT = [
  ...['APIGWAssociatedWithWAF', 'APIGWSSLEnabled', 'CloudWatchLogGroupEncrypted'],
  ...['LambdaConcurrency', 'LambdaInsideVPC', 'SecretsManagerUsingKMSKey'],
];
const KEY_ARN = 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666';

describe.each([
  ['HIPAA.Security', () => new HIPAASecurityChecks()],
  ['NIST.800.53.R5', () => new NIST80053R5Checks()],
  ['PCI.DSS.321', () => new PCIDSS321Checks()],
] as const)('the pack %s of cdk-nag', (pack, create) => {
  const rulesOf = (parts: ConfigParts) => {
    const found = findings(stackOf(parts), create() as unknown as AwsSolutionsChecks);
    return [...new Set(found.map(({ rule }) => rule.slice(pack.length + 1)))].sort();
  };
  const operations = { alarmTopicArn: FULL.operations?.['alarmTopicArn'] };

  it(`leaves of ${pack} only rules that a config can satisfy`, () => {
    const rules = rulesOf({ operations });

    expect(rules.length).toBeGreaterThan(3);
    expect(rules.filter((rule) => !LEFT.includes(rule))).toEqual([]);
  });

  it(`leaves of ${pack} the web ACL and the client certificate to the operator`, () => {
    const rules = rulesOf({
      operations: {
        ...operations,
        encryptionKeyArn: KEY_ARN,
        reservedConcurrency: 10,
        vpc: FULL.operations?.['vpc'],
      },
    });

    expect(rules.filter((rule) => !/^APIGW(AssociatedWithWAF|SSLEnabled)$/.test(rule))).toEqual([]);
  });
});

it('suppresses rules of checkov, cfn-guard and cfn-lint in the template', () => {
  const { template } = synthesize();
  const metadataOf = (type: string) => {
    const [resource] = Object.values(template.findResources(type));
    return resource?.['Metadata'] as Record<string, object>;
  };
  const { reason } = SCANNER_RULES.cacheBackup;

  expect(metadataOf('AWS::DynamoDB::Table')).toMatchObject({
    checkov: { skip: [{ id: 'CKV_AWS_28', comment: reason }] },
    guard: { SuppressedRules: ['DYNAMODB_PITR_ENABLED', 'DYNAMODB_IN_BACKUP_PLAN'] },
  });
  expect(metadataOf('AWS::Lambda::Function')).toMatchObject({
    'cfn-lint': { config: { ignore_checks: ['W3005'] } },
  });
  expect(metadataOf('AWS::IAM::Policy')).toMatchObject({
    checkov: { skip: [expect.objectContaining({ id: 'CKV_AWS_111' })] },
    guard: { SuppressedRules: ['IAM_NO_INLINE_POLICY_CHECK'] },
  });
});

it('keeps the metadata of a resource when it adds suppressions', () => {
  const stack = newStack();
  const { tokenCache } = addAuthorizerFunction(stack);
  const table = tokenCache.node.defaultChild as CfnResource;
  table.addMetadata('checkov', { skip: [{ id: 'CKV_AWS_119', comment: 'own' }], own: true });
  acknowledge(tokenCache, 'cacheBackup');

  expect(table.getMetadata('checkov')).toMatchObject({
    skip: [{ id: 'CKV_AWS_119' }, { id: 'CKV_AWS_28' }],
    own: true,
  });
});

it('suppresses every finding of cdk-nag for the constructs with a customer-managed key', () => {
  const stack = newStack();
  const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
  addAuthorizerFunction(stack, { encryptionKey });

  expect(findings(stack)).toEqual([]);
});

it('cdk-nag finds nothing in signing keys of both kinds', () => {
  const stack = newStack();
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
