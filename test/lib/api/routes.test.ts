import { Match, type Template } from 'aws-cdk-lib/assertions';
import { methodsOf, only, scopeRulesOf, synthesize } from '../../support/synthesize';

const AUTHORIZER = 'AWS::ApiGateway::Authorizer';
const ONLY_TOKEN = 'method.request.header.Authorization';

function variablesOf(template: Template): Record<string, string> {
  const { Variables } = only(template, 'AWS::Lambda::Function')[1]['Environment'] as {
    Variables: Record<string, string>;
  };
  return Variables;
}
/** The authorizer of a route, if it has one. */
function authorizerOf(template: Template, route: string): string | undefined {
  const method = methodsOf(template).get(route)?.properties;
  if (method === undefined) throw new Error(`no route ${route}`);
  return (method['AuthorizerId'] as { Ref: string } | undefined)?.Ref;
}
function challengeOf(template: Template, type: string): string {
  const [, response] = only(template, 'AWS::ApiGateway::GatewayResponse', { ResponseType: type });
  const headers = response['ResponseParameters'] as Record<string, string>;
  return headers['gatewayresponse.header.WWW-Authenticate'] ?? '';
}
/** So many routes that each require a scope of their own. */
const different = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    method: 'GET',
    path: `/${index}`,
    scopes: [`scope-${index}`],
  }));

describe('a REST API whose routes require different scopes', () => {
  const { template, warnings } = synthesize({
    token: { audience: 'api' },
    api: {
      scopes: ['read'],
      usageIdentifierClaim: 'client_id',
      cors: { allowOrigins: ['*'] },
      routes: [
        { method: 'GET', path: '/orders/{id}', scopes: ['orders', 'orders:read'] },
        {
          method: 'ANY',
          path: '/orders/{id}',
          scopes: [
            ['orders', 'orders:write'],
            ['orders', 'admin'],
          ],
        },
        { method: 'GET', path: '/orders/{id}/items', scopes: ['orders:read', 'orders', 'orders'] },
        {
          method: 'POST',
          path: '/orders/{id}/items',
          scopes: [
            ['admin', 'orders'],
            ['orders:write', 'orders'],
          ],
        },
        { method: 'GET', path: '/health', public: true },
      ],
    },
  });

  it('a REST API has an authorizer for each scope requirement, whose results hold for the token', () => {
    template.resourceCountIs(AUTHORIZER, 2);
    template.allResourcesProperties(AUTHORIZER, {
      Type: 'REQUEST',
      IdentitySource: ONLY_TOKEN,
      AuthorizerResultTtlInSeconds: 60,
    });
  });

  it('a REST API has each authorizer on the routes that require it', () => {
    const reading = authorizerOf(template, 'GET /orders/{id}');
    const writing = authorizerOf(template, 'ANY /orders/{id}');

    expect([reading, writing].sort()).toEqual(
      Object.keys(template.findResources(AUTHORIZER)).sort(),
    );
    expect(authorizerOf(template, 'GET /orders/{id}/items')).toBe(reading);
    expect(authorizerOf(template, 'POST /orders/{id}/items')).toBe(writing);
  });

  it('a REST API has no authorizer on public routes and preflight requests', () => {
    for (const route of ['GET /health', 'OPTIONS /health', 'OPTIONS /orders/{id}']) {
      expect(authorizerOf(template, route)).toBeUndefined();
      expect(methodsOf(template).get(route)?.properties).toHaveProperty(
        'AuthorizationType',
        'NONE',
      );
    }
  });

  it('a REST API can call the one version as each of its authorizers, by one permission', () => {
    const [api] = only(template, 'AWS::ApiGateway::RestApi');
    const [, permission] = only(template, 'AWS::Lambda::Permission');
    const uris = Object.values(template.findResources(AUTHORIZER)).map(
      ({ Properties }) => Properties.AuthorizerUri,
    );
    const [called, ...others] = uris;

    expect(others).toEqual([called]);
    expect(JSON.stringify(permission['SourceArn'])).toContain(`{"Ref":"${api}"},"/authorizers/*"`);
  });

  it('a REST API passes to the function what each route requires, and nothing of public routes', () => {
    const [api] = only(template, 'AWS::ApiGateway::RestApi');
    expect(scopeRulesOf(template)).toEqual({
      [api]: [
        [[['read', 'orders', 'orders:read']], ['GET /orders/{id}', 'GET /orders/{id}/items']],
        [
          [
            ['read', 'orders', 'orders:write'],
            ['read', 'orders', 'admin'],
          ],
          ['ANY /orders/{id}', 'POST /orders/{id}/items'],
        ],
      ],
    });
  });

  it('a REST API names in challenges the scopes that every route requires, and no others', () => {
    expect(challengeOf(template, 'UNAUTHORIZED')).toBe(`'Bearer realm="api", scope="read orders"'`);
    expect(challengeOf(template, 'ACCESS_DENIED')).toBe(
      `'Bearer realm="api", error="insufficient_scope", scope="read orders"'`,
    );
  });

  it('a REST API counts protected requests against the usage plan that the authorizer names', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', { ApiKeySourceType: 'AUTHORIZER' });
    expect(variablesOf(template)).toHaveProperty('USAGE_IDENTIFIER_CLAIM', 'client_id');
    for (const { properties } of methodsOf(template).values()) {
      expect(properties['ApiKeyRequired'] ?? false).toBe(
        properties['AuthorizationType'] === 'CUSTOM',
      );
    }
  });

  it('a REST API whose routes require different scopes has no warnings', () => {
    expect(warnings.join()).not.toContain('phantom-token-authorizer');
  });
});

describe('a REST API without usageIdentifierClaim', () => {
  const { template, warnings } = synthesize({
    api: { routes: different(5), phantomTokenHeader: 'x-internal-token' },
  });

  it('a REST API without usageIdentifierClaim requires no API key and takes none from the authorizer', () => {
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      ApiKeySourceType: Match.absent(),
    });
    expect(variablesOf(template)).not.toHaveProperty('USAGE_IDENTIFIER_CLAIM');
    for (const { properties } of methodsOf(template).values()) {
      expect(properties['ApiKeyRequired'] ?? false).toBe(false);
    }
  });

  it('a REST API without usageIdentifierClaim has five authorizers for five requirements, whose results hold for the token', () => {
    template.resourceCountIs(AUTHORIZER, 5);
    template.allResourcesProperties(AUTHORIZER, { IdentitySource: ONLY_TOKEN });
    expect(
      new Set(different(5).map(({ path }) => authorizerOf(template, `GET ${path}`))).size,
    ).toBe(5);
  });

  it('a REST API names no scope in challenges if the routes have none in common', () => {
    expect(challengeOf(template, 'UNAUTHORIZED')).toBe(`'Bearer realm="api"'`);
  });

  it('a REST API with phantomTokenHeader has a warning that the key has no effect', () => {
    expect(warnings).toContainEqual(
      expect.stringContaining('api.phantomTokenHeader has no effect on REST APIs'),
    );
  });
});

it.each([
  ['REST', AUTHORIZER, ONLY_TOKEN, `${ONLY_TOKEN},context.httpMethod,context.resourcePath`],
  [
    'HTTP',
    'AWS::ApiGatewayV2::Authorizer',
    ['$request.header.Authorization', '$context.routeKey'],
    ['$request.header.Authorization', '$context.routeKey'],
  ],
])(
  'a %s API with more requirements than authorizers has a last one, whose results hold for a route',
  (type, authorizer, token, tokenAndRoute) => {
    const { template } = synthesize({ api: { type, routes: different(12) } });
    const sources = Object.values(template.findResources(authorizer)).map(
      ({ Properties }) => Properties.IdentitySource,
    );

    expect(sources).toEqual([...Array(4).fill(token), tokenAndRoute]);
  },
);
