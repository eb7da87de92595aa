import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeploymentConfigError,
  loadDeploymentConfig,
} from '../../../../lib/stack/config/deployment-config';
import { thrownBy } from '../../../support/faults';

const directory = mkdtempSync(join(tmpdir(), 'deployment-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

const FILE = join(directory, 'config.json');
const MINIMAL = {
  introspection: { endpoint: 'https://login.example.com/introspect' },
  api: { upstream: 'https://orders.internal.example.com' },
};
type Parts = Record<string, unknown>;

/** A minimal config with some parts changed, by their dotted paths. */
function config(changes: Parts = {}): Parts {
  const changed = structuredClone(MINIMAL) as Parts;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let at = changed;
    for (const key of keys) {
      at[key] ??= {};
      at = at[key] as Parts;
    }
    at[last] = value;
  }
  return changed;
}
function load(content: unknown, local = false) {
  writeFileSync(FILE, typeof content === 'string' ? content : JSON.stringify(content));
  return loadDeploymentConfig(FILE, { local });
}
/** The lines of the message after the first, which names the file. */
function faults(content: unknown, local = false): string[] {
  const error = thrownBy(() => load(content, local));
  expect(error).toBeInstanceOf(DeploymentConfigError);
  const [title, ...lines] = (error as Error).message.split('\n');
  expect(title).toBe(`${FILE} has ${lines.length === 1 ? 'a fault' : `${lines.length} faults`}:`);
  return lines.map((line) => line.trim());
}

describe('loadDeploymentConfig', () => {
  it('a minimal config is completed with the defaults', () => {
    expect(load(MINIMAL)).toEqual({
      stackName: 'PhantomToken',
      introspection: {
        endpoint: 'https://login.example.com/introspect',
        response: 'jwt',
        parameters: {},
        clientAuthentication: 'client_secret_basic',
        timeoutSeconds: 3,
      },
      token: { notBeforeToleranceSeconds: 60, senderConstraint: 'refuse' },
      cache: {
        maxTtlSeconds: 300,
        inactiveTtlSeconds: 10,
        authorizerResultTtlSeconds: 60,
        cacheControl: 'respect',
        timeoutMilliseconds: 50,
        coalesceIntrospections: true,
      },
      api: {
        type: 'REST',
        upstream: 'https://orders.internal.example.com',
        realm: 'api',
        scopes: [],
        streaming: false,
      },
      operations: {
        memoryMegabytes: 512,
        dashboard: false,
        logIdentities: true,
        logRetentionDays: 30,
      },
    });
  });

  it('a full config is loaded as it is', () => {
    const full = {
      stackName: 'Orders-2',
      introspection: {
        endpoint: 'https://login.example.com/introspect',
        response: { member: 'phantom_token' },
        accept: 'application/json',
        parameters: { required_claims: '' },
        clientAuthentication: {
          method: 'private_key_jwt',
          audience: 'https://login.example.com',
          algorithm: 'PS256',
        },
        credentialsSecretArn:
          'arn:aws:secretsmanager:eu-central-1:123456789012:secret:gateway/client-AbCdEf',
        timeoutSeconds: 8,
      },
      token: {
        issuer: 'https://login.example.com/~',
        audience: ['a', 'b'],
        types: ['at+jwt'],
        jwksUri: 'https://login.example.com/jwks',
        notBeforeToleranceSeconds: 600,
        senderConstraint: 'refuse',
      },
      cache: {
        maxTtlSeconds: 0,
        inactiveTtlSeconds: 0,
        authorizerResultTtlSeconds: 3600,
        timeoutMilliseconds: 1000,
        coalesceIntrospections: false,
        cacheControl: 'ignore',
        warmThroughput: { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4000 },
      },
      api: {
        type: 'REST',
        upstream: 'https://orders.internal.example.com/v1',
        realm: 'Orders & more',
        scopes: ['read', 'orders:write', 'https://example.com/scope'],
        routes: [
          { method: 'GET', path: '/orders/{id}', scopes: ['orders:read'], public: false },
          { method: 'POST', path: '/orders', scopes: [['a'], ['b', 'c']], public: false },
          { method: 'ANY', path: '/{proxy+}', scopes: [], public: false },
          { method: 'GET', path: '/health', scopes: [], public: true },
        ],
        cors: { allowOrigins: ['https://app.example.com', 'http://localhost:3000'] },
        phantomTokenHeader: 'x-jwt',
        protectedResource: { resource: 'https://api.example.com/orders' },
        usageIdentifierClaim: 'client_id',
        streaming: true,
      },
      operations: {
        memoryMegabytes: 10_240,
        reservedConcurrency: 20,
        provisionedConcurrency: { min: 2, max: 20, targetUtilization: 0.9 },
        vpc: {
          vpcId: 'vpc-0a1b2c3d',
          subnetIds: ['subnet-0a1b2c3d', 'subnet-0123456789abcdef0'],
          securityGroupIds: ['sg-0a1b2c3d'],
        },
        logRetentionDays: 365,
        encryptionKeyArn:
          'arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef',
        throttle: { rateLimit: 0.5, burstLimit: 1 },
        runbookUrl: 'https://wiki.example.com/authorizer',
        alarmTopicArn: 'arn:aws-cn:sns:cn-north-1:123456789012:alarms',
        dashboard: true,
        logIdentities: false,
      },
    };

    expect(load(full)).toEqual(full);
  });

  it('one audience of a config is a list of one', () => {
    expect(load(config({ 'token.audience': 'api' })).token.audience).toEqual(['api']);
  });

  it('the example of the repository is a valid config', () => {
    const example = join(__dirname, '..', '..', '..', '..', 'config.example.json');

    expect(() => loadDeploymentConfig(example, { local: false })).not.toThrow();
  });

  it('a config can name its schema for editors', () => {
    expect(() => load(config({ $schema: './config.schema.json' }))).not.toThrow();
  });

  it.each<[string, unknown, string]>([
    [
      'stackName',
      '1st',
      'stackName: must be at most 128 letters, digits and hyphens, with a letter first, got: "1st"',
    ],
    ['stackName', 7, 'stackName: must be a name of letters, digits and hyphens, got: 7'],
    ['introspection', undefined, 'introspection: is required'],
    ['introspection.endpoint', undefined, 'introspection.endpoint: is required'],
    [
      'introspection.endpoint',
      'login.example.com',
      'introspection.endpoint: must be an https: URL',
    ],
    ['introspection.endpoint', 'ftp://a.example', 'introspection.endpoint: must be an https: URL'],
    [
      'introspection.endpoint',
      'http://127.0.0.1/i',
      'introspection.endpoint: must be an https: URL (http: is accepted for loopback hosts in local mode only)',
    ],
    [
      'introspection.endpoint',
      'https://u:p@a.example',
      'introspection.endpoint: must not contain credentials, got: "…@a.example"',
    ],
    [
      'introspection.endpoint',
      'https://a.example?x=1',
      'introspection.endpoint: must not have a query or fragment, got: "https://a.example?…"',
    ],
    [
      'introspection.endpoint',
      'https://a.example#x',
      'introspection.endpoint: must not have a query or fragment',
    ],
    [
      'introspection.response',
      'plain',
      'introspection.response: must be one of "jwt", "json", "signed" or an object with "member", got: "plain"',
    ],
    [
      'introspection.clientAuthentication',
      'digest',
      'introspection.clientAuthentication: must be one of "client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth", "bearer", "none" or an object with "method", got: "digest"',
    ],
    [
      'introspection.credentialsSecretArn',
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:name',
      'introspection.credentialsSecretArn: must be the complete ARN of a secret',
    ],
    [
      'introspection.timeoutSeconds',
      0,
      'introspection.timeoutSeconds: must be a number greater than 0 and at most 8, got: 0',
    ],
    [
      'introspection.timeoutSeconds',
      8.001,
      'introspection.timeoutSeconds: must be a number greater than 0 and at most 8, got: 8.001',
    ],
    [
      'introspection.timeoutSeconds',
      '3',
      'introspection.timeoutSeconds: must be a number greater than 0 and at most 8, got: "3"',
    ],
    ['introspection.secret', 'x', 'introspection.secret: is not a known key'],
    ['token.issuer', '', 'token.issuer: must be a non-empty string, got: ""'],
    [
      'token.audience',
      '',
      'token.audience: must be a non-empty string or a non-empty list of strings, got: ""',
    ],
    [
      'token.audience',
      [],
      'token.audience: must be a non-empty string or a non-empty list of strings, got: an empty list',
    ],
    ['token.jwksURI', 'x', 'token.jwksURI: is not a known key; did you mean token.jwksUri?'],
    [
      'token.notBeforeToleranceSeconds',
      -1,
      'token.notBeforeToleranceSeconds: must be a number from 0 to 600, got: -1',
    ],
    [
      'token.notBeforeToleranceSeconds',
      601,
      'token.notBeforeToleranceSeconds: must be a number from 0 to 600, got: 601',
    ],
    [
      'token.notBeforeToleranceSeconds',
      '60',
      'token.notBeforeToleranceSeconds: must be a number from 0 to 600, got: "60"',
    ],
    ['cache.maxTtlSeconds', -1, 'cache.maxTtlSeconds: must be a number from 0 to 86400, got: -1'],
    [
      'cache.inactiveTtlSeconds',
      3601,
      'cache.inactiveTtlSeconds: must be a number from 0 to 3600, got: 3601',
    ],
    [
      'cache.timeoutMilliseconds',
      4,
      'cache.timeoutMilliseconds: must be a whole number from 5 to 1000, got: 4',
    ],
    [
      'cache.timeoutMilliseconds',
      1001,
      'cache.timeoutMilliseconds: must be a whole number from 5 to 1000, got: 1001',
    ],
    [
      'cache.coalesceIntrospections',
      'no',
      'cache.coalesceIntrospections: must be true or false, got: "no"',
    ],
    [
      'cache.warmThroughput',
      { readUnitsPerSecond: 11_999, writeUnitsPerSecond: 4000 },
      'cache.warmThroughput.readUnitsPerSecond: must be a whole number of at least 12000, got: 11999',
    ],
    [
      'cache.warmThroughput',
      { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 3999 },
      'cache.warmThroughput.writeUnitsPerSecond: must be a whole number of at least 4000, got: 3999',
    ],
    [
      'cache.authorizerResultTtlSeconds',
      3601,
      'cache.authorizerResultTtlSeconds: must be a whole number from 0 to 3600, got: 3601',
    ],
    [
      'cache.authorizerResultTtlSeconds',
      1.5,
      'cache.authorizerResultTtlSeconds: must be a whole number from 0 to 3600, got: 1.5',
    ],
    [
      'cache.cacheControl',
      'obey',
      'cache.cacheControl: must be one of "respect", "ignore", got: "obey"',
    ],
    ['api', undefined, 'api: is required'],
    ['api.type', 'SOAP', 'api.type: must be one of "REST", "HTTP", got: "SOAP"'],
    ['api.upstream', 'http://a.example', 'api.upstream: must be an https: URL'],
    ['api.realm', '', 'api.realm: must be printable ASCII'],
    ['api.realm', 'a"b', 'api.realm: must be printable ASCII'],
    ['api.realm', "a'b", 'api.realm: must be printable ASCII'],
    ['api.realm', 'a\\b', 'api.realm: must be printable ASCII'],
    ['api.realm', 'a\nb', 'api.realm: must be printable ASCII'],
    ['api.realm', 'Bestellungen für alle', 'api.realm: must be printable ASCII'],
    ['api.scopes', 'read', 'api.scopes: must be a list of strings, got: "read"'],
    ['api.scopes', ['read', 'a b'], 'api.scopes[1]: must be one scope'],
    ['api.scopes', ["it's"], 'api.scopes[0]: must be one scope'],
    ['api.scopes', [''], 'api.scopes[0]: must be one scope'],
    ['api.routes', [], 'api.routes: must be a non-empty list of objects, got: an empty list'],
    ['api.routes', [{ method: 'GET' }], 'api.routes[0].path: is required'],
    [
      'api.routes',
      [{ method: 'get', path: '/' }],
      'api.routes[0].method: must be one of "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "ANY", got: "get"',
    ],
    [
      'api.routes',
      [{ method: 'GET', path: '/', auth: false }],
      'api.routes[0].auth: is not a known key',
    ],
    [
      'api.routes',
      [
        { method: 'GET', path: '/' },
        { method: 'GET', path: '/a', public: true, scopes: ['x'] },
      ],
      'api.routes[1].scopes: must be absent on a public route',
    ],
    [
      'api.routes',
      [
        { method: 'GET', path: '/a' },
        { method: 'GET', path: '/a', scopes: ['x'] },
      ],
      'api.routes[1]: duplicates the route GET /a',
    ],
    [
      'api.routes',
      [{ method: 'GET', path: '/health', public: true }],
      'api.routes: must contain a route that is not public',
    ],
    ['api.cors', {}, 'api.cors.allowOrigins: is required'],
    [
      'api.cors',
      { allowOrigins: [] },
      'api.cors.allowOrigins: must be a non-empty list of strings, got: an empty list',
    ],
    ['api.cors', { allowOrigins: ['app.example.com'] }, 'api.cors.allowOrigins[0]: must be * or'],
    [
      'api.cors',
      { allowOrigins: ['https://a.example/'] },
      'api.cors.allowOrigins[0]: must be * or',
    ],
    ['api.cors', { allowOrigins: ["https://a'"] }, 'api.cors.allowOrigins[0]: must be * or'],
    ['api.cors', { allowOrigins: ['*', 'https://a.example'] }, 'api.cors.allowOrigins: must be *'],
    ['extra', 1, 'extra: is not a known key'],
  ])('a config whose %s is %j has exactly the fault that names it', (path, value, fault) => {
    expect(faults(config({ [path]: value }))).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    'orders',
    '',
    '//',
    '/a//b',
    '/a/',
    '/a b',
    '/{a+}/b',
    '/a{b}',
    '/{}',
    '/?a',
    '/~a',
    '/*',
  ])('%j is rejected as a path', (path) => {
    const [fault] = faults(config({ 'api.routes': [{ method: 'GET', path }] }));

    expect(fault).toMatch(/^api\.routes\[0\]\.path: must be a path/);
  });

  it.each(['/', '/a', '/a/b.c-d_e:f', '/.well-known', '/{id}', '/{proxy+}', '/a/{id}/{rest+}'])(
    '%j is accepted as a path',
    (path) => {
      expect(() => load(config({ 'api.routes': [{ method: 'GET', path }] }))).not.toThrow();
    },
  );

  it('a route of a config can have the method OPTIONS only without CORS', () => {
    const routes = [
      { method: 'OPTIONS', path: '/a' },
      { method: 'GET', path: '/a' },
    ];

    expect(() => load(config({ 'api.routes': routes }))).not.toThrow();
    expect(faults(config({ 'api.routes': routes, 'api.cors': { allowOrigins: ['*'] } }))).toEqual([
      expect.stringContaining('api.routes[0]: conflicts with api.cors'),
    ]);
  });

  it('every fault of a config is listed at once', () => {
    const all = faults({
      extra: 1,
      introspection: { endpoint: 'http://a.example', timeoutSeconds: -1, more: 1 },
      token: { issuer: 1 },
      cache: { maxTtlSeconds: 'x' },
      api: { realm: '"', scopes: [''], cors: { allowOrigins: 'x' } },
    });

    expect(all.map((line) => line.split(':', 1)[0]).sort()).toEqual([
      'api.cors.allowOrigins',
      'api.realm',
      'api.scopes[0]',
      'api.upstream',
      'cache.maxTtlSeconds',
      'extra',
      'introspection.endpoint',
      'introspection.more',
      'introspection.timeoutSeconds',
      'token.issuer',
    ]);
  });

  it.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['a string', '"x"'],
  ])('%s is rejected as a config', (_, text) => {
    expect(faults(text)).toEqual([
      expect.stringMatching(/^\(file\): must be an object with "introspection" and "api", got: /),
    ]);
  });

  it.each(['', '{', '{"a":1,}', '// comment\n{}'])(
    'the error for the config %j states that it is not JSON',
    (text) => {
      const error = thrownBy(() => load(text));

      expect(error).toBeInstanceOf(DeploymentConfigError);
      expect((error as Error).message).toMatch(`${FILE} is not JSON: `);
    },
  );

  it.each([join(directory, 'missing.json'), directory, 'undefined'])(
    'the error for %s, which is not a config file, states how to name one',
    (file) => {
      expect(thrownBy(() => loadDeploymentConfig(file, { local: false }))).toEqual(
        new DeploymentConfigError(
          `${file} cannot be read: name your config file with -c config=FILE`,
        ),
      );
    },
  );

  describe('in local mode', () => {
    it.each(['http://127.0.0.1:8080/i', 'http://localhost:1/i', 'http://[::1]:1/i'])(
      'a config accepts %s in local mode, an endpoint on the machine itself',
      (url) => {
        expect(
          load(config({ 'introspection.endpoint': url, 'api.upstream': url }), true),
        ).toMatchObject({ introspection: { endpoint: url }, api: { upstream: url } });
      },
    );

    it.each([
      'http://login.example.com',
      'http://127.0.0.1.example.com',
      'http://localhost.example.com',
      'http://0.0.0.0:80',
      'http://192.168.0.1',
      'http://localhost@login.example.com',
    ])('a config rejects %s in local mode', (url) => {
      expect(faults(config({ 'introspection.endpoint': url }), true)).toEqual([
        expect.stringMatching(/^introspection\.endpoint: must /),
      ]);
    });
  });
});
