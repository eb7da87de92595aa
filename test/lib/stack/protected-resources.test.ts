import type { Stack } from 'aws-cdk-lib';
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
    { method: 'POST', path: '/ab', scopes: ['read'] },
  ],
};

const RULES = [
  [[['api', 'read']], ['POST /a'], { audience: [A] }],
  [[['api', 'read']], ['POST /a/b'], { audience: ['b', 'bee'] }],
  [[['api', 'write']], ['POST /a/b/{proxy+}'], { audience: ['b', 'bee'] }],
  [[['api', 'read']], ['POST /ab'], { audience: [A, 'b', 'bee'] }],
];

describe('a REST API with several resources', () => {
  const synthesized = synthesize({ token: { issuer: ISSUER }, api: API });
  const { template } = synthesized;
  const methods = methodsOf(template);

  it('serves the metadata of each at its own path, and that of the first also at the root', () => {
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

  it('checks the audience of the resource with the longest path, or of all for a route outside', () => {
    const [api] = only(template, 'AWS::ApiGateway::RestApi');

    expect(scopeRulesOf(template)).toEqual({ [api]: RULES });
  });

  it('keeps cached results by route where routes of an authorizer differ in their audience', () => {
    const sources = Object.values(template.findResources('AWS::ApiGateway::Authorizer')).map(
      ({ Properties }) => Properties.IdentitySource,
    );

    expect(sources.sort()).toEqual([
      'method.request.header.Authorization',
      'method.request.header.Authorization,context.httpMethod,context.resourcePath',
    ]);
  });

  it('names no metadata in challenges, and says so at synthesis', () => {
    const responses = template.findResources('AWS::ApiGateway::GatewayResponse');

    expect(JSON.stringify(responses)).not.toContain('resource_metadata');
    synthesized
      .annotations()
      .hasWarning('*', Match.stringLikeRegexp('challenges do not name the metadata'));
  });

  it('does not warn of a missing audience', () => {
    synthesized.annotations().hasNoWarning('*', Match.stringLikeRegexp('no-audience'));
  });
});

describe('an HTTP API with several resources', () => {
  const { template } = synthesize({ token: { issuer: ISSUER }, api: { ...API, type: 'HTTP' } });
  const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'))
    .map(({ Properties }) => Properties)
    .filter(({ RouteKey }) => RouteKey.includes('.well-known'));

  it('checks the audience of each', () => {
    const rules = template.findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { SCOPE_RULES: Match.anyValue() } } },
    });

    expect(JSON.stringify(rules)).toContain(JSON.stringify(JSON.stringify(RULES[0])).slice(1, -1));
  });

  it('serves their metadata, and preflight requests for it, by a function without an authorizer', () => {
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

  it('is the resource if no audience is configured', () => {
    expect(rulesOf({})).toEqual([[[[]], ['*'], { audience: [A] }]]);
  });

  it('is the audience of the API if there is one', () => {
    expect(rulesOf({ audience: 'orders-api' })).toEqual([[[[]], ['*']]]);
  });

  it('is the audience of the resource if it has one', () => {
    expect(rulesOf({ audience: 'orders-api' }, { audience: 'mcp' })).toEqual([
      [[[]], ['*'], { audience: ['mcp'] }],
    ]);
  });
});

describe('metadata of the authorization server', () => {
  const authorizationServerMetadata = 'https://login.example.com/odd/metadata';

  it.each(['REST', 'HTTP'])('a %s API serves it by a function', (type) => {
    const { template } = synthesize({ api: { type, authorizationServerMetadata } });
    const variables = { AUTHORIZATION_SERVER_METADATA: authorizationServerMetadata };

    only(template, 'AWS::Lambda::Function', { Environment: { Variables: variables } });
    expect(JSON.stringify(template.toJSON())).toContain(
      type === 'REST'
        ? '"oauth-authorization-server"'
        : 'GET /.well-known/oauth-authorization-server',
    );
  });

  it('is a fault of the config with a route at its path, or with minting', () => {
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
  it('the config names each by its index', () => {
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
