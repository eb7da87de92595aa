import { Lazy, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  AuthorizerFunction,
  PropError,
  type ProtectedResource,
  RestApiProtection,
  type RestApiProtectionProps,
} from '../../../lib';
import { configFaults } from '../../support/config-faults';
import { thrownBy } from '../../support/faults';
import {
  methodsOf,
  only,
  scopeRulesOf,
  synthesize,
  synthesizeConstructs,
} from '../../support/synthesize';

const ISSUER = 'https://login.example.com';
const [A, B] = ['https://mcp.example.com/a', 'https://mcp.example.com/a/b'];
const WELL_KNOWN = '/.well-known/oauth-protected-resource';

const API = {
  scopes: ['api'],
  protectedResource: [{ resource: A }, { resource: B, audience: ['b', 'bee'] }],
  routes: [
    { method: 'POST', path: '/a', scopes: ['read'] },
    { method: 'POST', path: '/a/b', scopes: ['read'] },
    { method: 'POST', path: '/a/b/{proxy+}', scopes: ['write'] },
  ],
};

const RULES = [
  [[['api', 'read']], ['POST /a'], { audience: [A] }],
  [[['api', 'read']], ['POST /a/b'], { audience: ['b', 'bee'] }],
  [[['api', 'write']], ['POST /a/b/{proxy+}'], { audience: ['b', 'bee'] }],
];

describe('a REST API with several resources', () => {
  const { template, warnings } = synthesize({ token: { issuer: ISSUER }, api: API });
  const methods = methodsOf(template);

  it('a REST API with several resources serves the metadata of each at its own path, and that of the first also at the root', () => {
    const documents = [...methods].flatMap(([route, { properties }]) => {
      if (!route.startsWith(`GET ${WELL_KNOWN}`)) return [];
      const [response] = properties.Integration['IntegrationResponses'] as {
        ResponseTemplates: Record<string, string>;
      }[];
      return [[route, JSON.parse(response?.ResponseTemplates['application/json'] ?? '')]];
    });
    const common = { authorization_servers: [ISSUER], bearer_methods_supported: ['header'] };
    const a = { ...common, resource: A, scopes_supported: ['api', 'read'] };

    expect(Object.fromEntries(documents)).toEqual({
      [`GET ${WELL_KNOWN}`]: a,
      [`GET ${WELL_KNOWN}/a`]: a,
      [`GET ${WELL_KNOWN}/a/b`]: {
        ...common,
        resource: B,
        scopes_supported: ['api', 'read', 'write'],
      },
    });
  });

  it('a REST API with several resources checks the audience of the resource with the longest path', () => {
    const [api] = only(template, 'AWS::ApiGateway::RestApi');

    expect(scopeRulesOf(template)).toEqual({ [api]: RULES });
  });

  it('a REST API keeps results by route if routes of an authorizer differ in their audience', () => {
    const sources = Object.values(template.findResources('AWS::ApiGateway::Authorizer')).map(
      ({ Properties }) => Properties.IdentitySource,
    );

    expect(sources.sort()).toEqual([
      'method.request.header.Authorization',
      'method.request.header.Authorization,context.httpMethod,context.resourcePath',
    ]);
  });

  it('a REST API with several resources names no metadata in challenges, and warns of it at synthesis', () => {
    const responses = template.findResources('AWS::ApiGateway::GatewayResponse');

    expect(JSON.stringify(responses)).not.toContain('resource_metadata');
    expect(warnings).toContainEqual(expect.stringContaining('challenges do not name the metadata'));
  });

  it('a REST API with several resources does not warn of a missing audience', () => {
    expect(warnings.join()).not.toContain('no-audience');
  });
});

describe('an HTTP API with several resources', () => {
  const { template } = synthesize({ token: { issuer: ISSUER }, api: { ...API, type: 'HTTP' } });
  const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'))
    .map(({ Properties }) => Properties)
    .filter(({ RouteKey }) => RouteKey.includes('.well-known'));

  it('an HTTP API with several resources checks the audience of each', () => {
    const rules = template.findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { SCOPE_RULES: Match.anyValue() } } },
    });

    expect(JSON.stringify(rules)).toContain(JSON.stringify(JSON.stringify(RULES[0])).slice(1, -1));
  });

  it('an HTTP API serves the metadata of several resources, and preflight requests for it, by a function without an authorizer', () => {
    expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual([
      `GET ${WELL_KNOWN}`,
      `GET ${WELL_KNOWN}/a`,
      `GET ${WELL_KNOWN}/a/b`,
      `OPTIONS ${WELL_KNOWN}`,
      `OPTIONS ${WELL_KNOWN}/a`,
      `OPTIONS ${WELL_KNOWN}/a/b`,
    ]);
    for (const route of routes) expect(route).toMatchObject({ AuthorizationType: 'NONE' });
  });
});

describe('an HTTP API with metadata and CORS', () => {
  const warnings = (allowOrigins: readonly string[]) =>
    synthesize({
      token: { issuer: ISSUER },
      api: { type: 'HTTP', cors: { allowOrigins }, protectedResource: { resource: A } },
    }).warnings.filter((warning) => warning.includes('cannot read the metadata'));

  it('synthesis warns that pages of other origins cannot read the metadata', () => {
    expect(warnings(['https://app.example.com'])).toHaveLength(1);
  });

  it('synthesis does not warn if all origins are allowed', () => {
    expect(warnings(['*'])).toEqual([]);
  });
});

describe('the audience of an API with one resource', () => {
  const rulesOf = (token: object, protectedResource: object = {}) => {
    const { template } = synthesize({
      token: { issuer: ISSUER, ...token },
      api: {
        protectedResource: { resource: A, ...protectedResource },
        routes: [{ method: 'POST', path: '/a' }],
      },
    });
    return Object.values(scopeRulesOf(template))[0];
  };

  it('the audience of an API with one resource is the resource if no audience is configured', () => {
    expect(rulesOf({})).toEqual([[[[]], ['*'], { audience: [A] }]]);
  });

  it('the audience of an API with one resource is the audience of the API if there is one', () => {
    expect(rulesOf({ audience: 'orders-api' })).toEqual([[[[]], ['*']]]);
  });

  it('the audience of an API with one resource is the audience of the resource if it has one', () => {
    expect(rulesOf({ audience: 'orders-api' }, { audience: 'mcp' })).toEqual([
      [[[]], ['*'], { audience: ['mcp'] }],
    ]);
  });
});

describe('a token for one of several resources is not accepted at another one', () => {
  const ORIGIN = 'https://mcp.example.com';
  const faultsOf = (paths: readonly string[], routes: readonly string[] | undefined, more = {}) =>
    configFaults({
      token: { issuer: ISSUER },
      api: {
        protectedResource: paths.map((path) => ({ resource: `${ORIGIN}${path}` })),
        ...(routes && {
          routes: routes.map((key) => {
            const [method, path] = key.split(' ');
            return { method, path };
          }),
        }),
        ...more,
      },
    });
  const unserved = (index: number, path: string) =>
    `api.protectedResource[${index}].resource: must have a protected route at ${path} or below, spelled the same: declare one, or set api.publicUrls if the API has a base path`;
  const homeless = (at: string) =>
    `${at}: must belong to a protectedResource, since the API has several and no token.audience: declare it below the path of one, or set token.audience`;

  it('a config whose two routes belong to no resource is rejected', () => {
    expect(faultsOf(['/a', '/b'], undefined)).toEqual([
      unserved(0, '/a'),
      unserved(1, '/b'),
      homeless('api.routes'),
    ]);
  });

  it('a config whose resources have a base path that api.publicUrls does not name is rejected', () => {
    const routes = ['POST /a', 'POST /b'];

    expect(faultsOf(['/v1/a', '/v1/b'], routes)).toEqual([
      unserved(0, '/v1/a'),
      unserved(1, '/v1/b'),
      homeless('api.routes[0]'),
      homeless('api.routes[1]'),
    ]);
    expect(() =>
      synthesize({
        token: { issuer: ISSUER },
        api: {
          publicUrls: [`${ORIGIN}/v1`],
          protectedResource: [{ resource: `${ORIGIN}/v1/a` }, { resource: `${ORIGIN}/v1/b` }],
          routes: routes.map((key) => ({ method: 'POST', path: key.slice('POST '.length) })),
        },
      }),
    ).not.toThrow();
  });

  it('a config whose resource is spelled in another case than its route is rejected', () => {
    expect(faultsOf(['/A', '/b'], ['POST /a', 'POST /b'], { type: 'HTTP' })).toEqual([
      unserved(0, '/A'),
      homeless('api.routes[0]'),
    ]);
  });

  it('a config whose resource is reached only by the greedy route of another one is rejected', () => {
    expect(faultsOf(['', '/b'], ['ANY /', 'ANY /{proxy+}'])).toEqual([unserved(1, '/b')]);
  });

  it('a config whose resource has a public route only is rejected', () => {
    const routes = [
      { method: 'POST', path: '/a' },
      { method: 'POST', path: '/b', public: true },
    ];

    expect(faultsOf(['/a', '/b'], undefined, { routes })).toEqual([unserved(1, '/b')]);
  });

  it('a config whose greedy route also matches requests of another resource is rejected', () => {
    expect(faultsOf(['', '/b'], ['ANY /{proxy+}', 'POST /b'])).toEqual([
      `api.routes[0]: must not match requests of the protectedResource ${ORIGIN}/b, whose tokens it does not require: declare also ANY /b, ANY /b/{proxy+}`,
    ]);
  });

  it('a route of no resource checks the audience of the API', () => {
    const { template } = synthesize({
      token: { issuer: ISSUER, audience: 'orders' },
      api: { ...API, routes: [...API.routes, { method: 'POST', path: '/ab', scopes: ['read'] }] },
    });
    const [api] = only(template, 'AWS::ApiGateway::RestApi');

    expect(scopeRulesOf(template)).toEqual({
      [api]: [...RULES, [[['api', 'read']], ['POST /ab']]],
    });
  });

  it('synthesis of constructs fails with the names of props and routes', () => {
    const protectedResource = ['a', 'b'].map((name) => ({
      resource: `${ORIGIN}/${name}`,
      authorizationServers: [ISSUER],
    }));
    const error = thrownBy(() =>
      synthesizeConstructs((stack) => {
        const api = new RestApi(stack, 'Api');
        const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
          introspectionEndpoint: 'https://login.example.com/introspect',
        });
        const protection = new RestApiProtection(stack, 'Protection', {
          ...{ api, authorizerFunction, protectedResource },
        });
        const authorizer = protection.authorizer();
        const integration = protection.httpIntegration('https://mcp.internal.example.com');
        for (const path of ['a', '{proxy+}']) {
          api.root.addResource(path).addMethod('POST', integration, { authorizer });
        }
      }),
    );
    const [, ...lines] = String(error).split('\n');

    expect(lines.map((line) => line.replace(/^.*\] /, ''))).toEqual([
      `${ORIGIN}/b: must have a protected route at /b or below, spelled the same: declare one, or set publicUrls if the API has a base path`,
      'POST /{proxy+}: must belong to a protectedResource, since the API has several and no audience: declare it below the path of one, or set audience',
      `POST /{proxy+}: must not match requests of the protectedResource ${ORIGIN}/a, whose tokens it does not require: declare also POST /a/{proxy+}`,
    ]);
  });
});

test('synthesis warns of a broader route for another audience, compared with the audience of the API', () => {
  const weakerRoutes = (audience: string) =>
    synthesize({
      token: { issuer: ISSUER, audience: 'orders' },
      api: {
        protectedResource: { resource: 'https://mcp.example.com/a', audience },
        routes: ['/a/{proxy+}', '/{x}/c'].map((path) => ({ method: 'GET', path })),
      },
    }).warnings.filter((warning) => warning.includes('weaker-route:GET /{x}/c'));

  expect(weakerRoutes('mcp')).toHaveLength(1);
  expect(weakerRoutes('orders')).toEqual([]);
});

describe('metadata of the authorization server', () => {
  const authorizationServerMetadata = 'https://login.example.com/odd/metadata';

  it.each(['REST', 'HTTP'])(
    'a %s API serves the metadata of the authorization server by a function',
    (type) => {
      const { template } = synthesize({ api: { type, authorizationServerMetadata } });
      const variables = { AUTHORIZATION_SERVER_METADATA: authorizationServerMetadata };

      only(template, 'AWS::Lambda::Function', { Environment: { Variables: variables } });
      expect(JSON.stringify(template.toJSON())).toContain(
        type === 'REST'
          ? '"oauth-authorization-server"'
          : 'GET /.well-known/oauth-authorization-server',
      );
    },
  );

  it('metadata of the authorization server is a fault with a route at its path, or with minting', () => {
    const routes = [{ method: 'GET', path: '/.well-known/oauth-authorization-server' }];
    const mint = { issuer: 'https://api.example.com', audience: 'orders' };

    expect(
      configFaults({
        introspection: { response: 'json' },
        token: { mint },
        api: { authorizationServerMetadata, routes },
      }),
    ).toEqual(
      expect.arrayContaining([
        'api.authorizationServerMetadata: must be absent if token.mint is set, whose own metadata is served at this path',
        'api.routes[0]: conflicts with api.authorizationServerMetadata, which is served at this path',
      ]),
    );
  });
});

describe('faults of resources', () => {
  it('the config names faulty resources by their index', () => {
    const protectedResource = [
      { resource: A },
      { resource: `${A}/` },
      { resource: 'https://mcp.example.com/c', audience: [] },
    ];

    expect(configFaults({ api: { protectedResource } })).toEqual(
      expect.arrayContaining([
        expect.stringContaining('api.protectedResource[1].resource: must not end with a slash'),
        expect.stringContaining('api.protectedResource[2].audience: '),
        'api.protectedResource[0].authorizationServers: is required if token.issuer is not set',
      ]),
    );
  });

  it('the config rejects resources with the same path, and one below no public URL', () => {
    const publicUrls = ['https://one.example.com', 'https://two.example.com'];
    const protectedResource = ['one', 'two', 'three'].map((name) => ({
      resource: `https://${name}.example.com/mcp`,
    }));

    expect(
      configFaults({ token: { issuer: ISSUER }, api: { publicUrls, protectedResource } }),
    ).toEqual([
      'api.protectedResource[1].resource: must have another path than the resources before it',
      'api.protectedResource[2].resource: must be one of api.publicUrls or below, got: "https://three.example.com/mcp"',
    ]);
  });

  const add = (stack: Stack, props: Partial<RestApiProtectionProps>) => {
    const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
      introspectionEndpoint: 'https://login.example.com/introspect',
    });
    return new RestApiProtection(stack, 'Protection', {
      api: new RestApi(stack, 'Api'),
      authorizerFunction,
      ...props,
    });
  };
  const described = (resource: string, more: Partial<ProtectedResource> = {}) => ({
    resource,
    authorizationServers: [ISSUER],
    ...more,
  });

  it.each<[string, Partial<RestApiProtectionProps>, RegExp]>([
    [
      'resources with the same path',
      { protectedResource: [described(A), described('https://other.example.com/a')] },
      /^protectedResource must be resources with different paths/,
    ],
    [
      'an audience with an entry that is known at deployment only',
      { protectedResource: described(A, { audience: ['a', Lazy.string({ produce: () => 'b' })] }) },
      /^protectedResource\.audience must be known at synthesis/,
    ],
    [
      'an audience that is known at deployment only',
      { protectedResource: described(A, { audience: Lazy.list({ produce: () => ['b'] }) }) },
      /^protectedResource\.audience must be known at synthesis/,
    ],
    [
      'a resource that is known at deployment only, without an audience',
      { protectedResource: described(Lazy.string({ produce: () => A })) },
      /^protectedResource\.audience must be set if resource is known at deployment only/,
    ],
    [
      'an empty audience',
      { protectedResource: described(A, { audience: [] }) },
      /^audience must be a list of one or more/,
    ],
    [
      'metadata of the authorization server at a URL without TLS',
      { authorizationServerMetadata: 'http://login.example.com/metadata' },
      /^authorizationServerMetadata must be an https: URL/,
    ],
  ])('the protection rejects %s', (_, props, message) => {
    const error = thrownBy(() => synthesizeConstructs((stack) => void add(stack, props)));

    expect(error).toMatchObject({ name: PropError.name, message: expect.stringMatching(message) });
  });
});
