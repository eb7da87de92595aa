import { Duration, type Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { AuthorizerFunction, HttpApiProtection, PropError, RestApiProtection } from '../../../lib';
import { configFaults, loadedConfig } from '../../support/config-faults';
import { thrownBy } from '../../support/faults';
import { only, scopeRulesOf, synthesize, synthesizeConstructs } from '../../support/synthesize';

const TOOLS = {
  get_weather: ['weather:read'],
  delete_all: [['admin'], ['weather:write']],
  '*': [],
};

/** Two endpoints of MCP servers, a route without one, and one of which no tool requires anything. */
const ROUTES = [
  { method: 'POST', path: '/mcp', scopes: ['mcp'], mcp: { tools: TOOLS } },
  { method: 'POST', path: '/other', scopes: ['mcp'], mcp: { tools: { search: ['read'] } } },
  { method: 'GET', path: '/orders', scopes: ['mcp'] },
  { method: 'POST', path: '/plain', scopes: ['mcp'], mcp: { tools: { '*': [] } } },
];

describe.each([
  ['REST', 'AWS::ApiGateway'],
  ['HTTP', 'AWS::ApiGatewayV2'],
] as const)('a %s API with scopes by tool', (type, namespace) => {
  let template: Template;
  beforeAll(() => {
    ({ template } = synthesize({ api: { type, routes: ROUTES } }));
  });

  it(`a ${type} API passes the scopes of tools to the function`, () => {
    const [api] = only(template, type === 'REST' ? `${namespace}::RestApi` : `${namespace}::Api`);

    expect(scopeRulesOf(template)).toEqual({
      [api]: [
        [
          [['mcp']],
          ['POST /mcp'],
          {
            tools: {
              '*': [[]],
              delete_all: [['admin'], ['weather:write']],
              get_weather: [['weather:read']],
            },
          },
        ],
        [[['mcp']], ['POST /other'], { tools: { search: [['read']] } }],
        [[['mcp']], ['GET /orders', 'POST /plain']],
      ],
    });
  });

  it(`a ${type} API has no result cache for the routes with tools, and the default one for others`, () => {
    const authorizers = template.findResources(`${namespace}::Authorizer`);

    expect(
      Object.values(authorizers)
        .map(({ Properties }) => Properties.AuthorizerResultTtlInSeconds)
        .sort(),
    ).toEqual([0, 60]);
  });
});

test('the last authorizer has no result cache if one of its routes has tools', () => {
  const template = synthesizeConstructs((stack) => {
    const api = new RestApi(stack, 'Api');
    const protection = new RestApiProtection(stack, 'Protection', {
      api,
      authorizerFunction: authorizerIn(stack),
      maxAuthorizers: 1,
    });
    const integration = protection.httpIntegration('https://mcp.example.com');
    api.root.addMethod('GET', integration, { authorizer: protection.authorizer() });
    api.root.addMethod('POST', integration, {
      authorizer: protection.authorizer({ mcp: { tools: TOOLS } }),
    });
  });

  expect(only(template, 'AWS::ApiGateway::Authorizer')[1]).toMatchObject({
    AuthorizerResultTtlInSeconds: 0,
    IdentitySource: 'method.request.header.Authorization,context.httpMethod,context.resourcePath',
  });
});

/** Returns the challenge of a response of an API with routes. */
function challengeOf(ResponseType: string, routes: readonly object[]): unknown {
  const { template } = synthesize({ api: { scopes: ['api'], routes } });
  const [, response] = only(template, 'AWS::ApiGateway::GatewayResponse', { ResponseType });
  const parameters = response['ResponseParameters'] as Record<string, string>;
  return parameters['gatewayresponse.header.WWW-Authenticate'];
}

test('the challenge of a 403 names the first scopes of all tools if every protected route has tools', () => {
  const routes = [...ROUTES.slice(0, 2), { method: 'GET', path: '/health', public: true }];

  expect(challengeOf('ACCESS_DENIED', routes)).toBe(
    `'Bearer realm="api", error="insufficient_scope", scope="api mcp admin weather:read read"'`,
  );
  expect(challengeOf('UNAUTHORIZED', routes)).toBe(`'Bearer realm="api", scope="api mcp"'`);
});

test('the challenge of a 403 names the scopes of every route only if a protected route has no tools', () => {
  const other = { method: 'GET', path: '/orders', scopes: ['mcp', 'orders'] };

  expect(challengeOf('ACCESS_DENIED', [...ROUTES.slice(0, 2), other])).toBe(
    `'Bearer realm="api", error="insufficient_scope", scope="api mcp"'`,
  );
});

test('the challenge of a 403 has no scope if the scopes of tools exceed 2 KB', () => {
  const routeWith = (count: number) => {
    const names = Array.from({ length: count }, (_, index) => `tool_${100 + index}`);
    const tools = Object.fromEntries(names.map((name) => [name, [`${name}:use`]]));
    return [{ method: 'POST', path: '/mcp', mcp: { tools } }];
  };

  // "api", and 13 characters for each tool.
  expect(challengeOf('ACCESS_DENIED', routeWith(157))).toMatch(/ tool_256:use"'$/);
  expect(challengeOf('ACCESS_DENIED', routeWith(158))).toBe(
    `'Bearer realm="api", error="insufficient_scope"'`,
  );
});

test('metadata states the scopes of tools', () => {
  const { template } = synthesize({
    token: { issuer: 'https://login.example.com' },
    api: { routes: ROUTES, protectedResource: { resource: 'https://mcp.example.com' } },
  });

  expect(JSON.stringify(template.toJSON())).toContain(
    JSON.stringify(
      '"scopes_supported":["mcp","weather:read","admin","weather:write","read"]',
    ).slice(1, -1),
  );
});

test('a greedy route without tools is reported as weaker than a route with tools', () => {
  const { warnings } = synthesize({
    api: { routes: [ROUTES[0], { method: 'ANY', path: '/{proxy+}', scopes: ['mcp'] }] },
  });

  expect(
    warnings.filter((it) =>
      /^ANY \/{proxy\+} also matches variants of POST \/mcp.*weaker-route/.test(it),
    ),
  ).toHaveLength(1);
});

describe('a config file', () => {
  const withTools = (some: object) => ({
    api: { routes: [{ method: 'POST', path: '/mcp', ...some }] },
  });

  it('a config rejects a lifetime in the result cache if a route has tools', () => {
    expect(
      configFaults({
        ...withTools({ mcp: { tools: TOOLS } }),
        cache: { authorizerResultTtlSeconds: 60 },
      }),
    ).toEqual([
      'cache.authorizerResultTtlSeconds: must be 0 or absent if a route has mcp.tools, since API Gateway replays a cached result for calls of other tools, got: 60',
    ]);
  });

  it('a config accepts a lifetime of 0 in the result cache if a route has tools', () => {
    expect(() =>
      loadedConfig({
        ...withTools({ mcp: { tools: TOOLS } }),
        cache: { authorizerResultTtlSeconds: 0 },
      }),
    ).not.toThrow();
  });

  it.each<[string, object, RegExp]>([
    ['no tool', { mcp: { tools: {} } }, /mcp\.tools: must name one or more tools/],
    ['an empty name', { mcp: { tools: { '': ['a'] } } }, /mcp\.tools/],
    ['a scope with a space', { mcp: { tools: { a: ['b c'] } } }, /mcp\.tools\.a/],
    [
      'tools on a public route',
      { public: true, mcp: { tools: { a: ['b'] } } },
      /mcp: must be absent/,
    ],
    [
      'the name __proto__',
      { mcp: { tools: JSON.parse('{"__proto__":["a"]}') } },
      /must not contain the name __proto__/,
    ],
  ])('a config rejects %s', (_, route, fault) => {
    expect(configFaults(withTools(route)).join()).toMatch(fault);
  });
});

describe.each(['REST', 'HTTP'] as const)('the protection of a %s API', (type) => {
  const add = (
    stack: Stack,
    resultsCacheTtl: Duration | undefined,
    tools: Record<string, string[]>,
  ) => {
    const authorizerFunction = authorizerIn(stack);
    const options = { authorizerFunction, ...(resultsCacheTtl && { resultsCacheTtl }) };
    const protection =
      type === 'REST'
        ? new RestApiProtection(stack, 'Protection', { ...options, api: new RestApi(stack, 'Api') })
        : new HttpApiProtection(stack, 'Protection', {
            ...options,
            api: new HttpApi(stack, 'Api'),
          });
    return protection.authorizer({ mcp: { tools } });
  };
  const adding = (ttl: Duration | undefined, tools: Record<string, string[]> = { a: ['b'] }) =>
    thrownBy(() => synthesizeConstructs((stack) => void add(stack, ttl, tools)));

  it(`the protection of a ${type} API rejects a lifetime in the result cache if a route has tools`, () => {
    expect(adding(Duration.seconds(60))).toMatchObject({
      name: PropError.name,
      message: expect.stringMatching(
        /^resultsCacheTtl must be 0 or absent if a route has scopes by tool/,
      ),
    });
  });

  it(`the protection of a ${type} API rejects tools without any entry`, () => {
    expect(adding(undefined, {})).toMatchObject({ name: PropError.name });
  });
});

function authorizerIn(stack: Stack): AuthorizerFunction {
  return new AuthorizerFunction(stack, 'Authorizer', {
    introspectionEndpoint: 'https://login.example.com/introspect',
  });
}
