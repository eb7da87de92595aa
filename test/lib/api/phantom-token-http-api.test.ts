import type { Template } from 'aws-cdk-lib/assertions';
import { only, scopeRulesOf, synthesize } from '../../support/synthesize';

const API = 'AWS::ApiGatewayV2::Api';
const AUTHORIZER = 'AWS::ApiGatewayV2::Authorizer';
const INTEGRATION = 'AWS::ApiGatewayV2::Integration';
const ROUTE = 'AWS::ApiGatewayV2::Route';
const STAGE = 'AWS::ApiGatewayV2::Stage';

interface RouteSummary {
  readonly AuthorizationType: string;
  readonly AuthorizerId?: { readonly Ref: string };
  readonly integration: Record<string, unknown>;
}

/** The routes by key, each with the properties of its integration. */
function routesOf(template: Template): Map<string, RouteSummary> {
  const integrations = template.findResources(INTEGRATION);
  return new Map(
    Object.values(template.findResources(ROUTE)).map(
      ({ Properties: { RouteKey, Target, ...it } }) => {
        const id = Target['Fn::Join'][1].find((part: { Ref?: string }) => part.Ref)?.Ref;
        return [RouteKey, { ...it, integration: integrations[id]?.['Properties'] }];
      },
    ),
  );
}

const OTHER_METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

describe('the HTTP API of a minimal config', () => {
  const { template, warnings } = synthesize({ api: { type: 'HTTP' } });

  it('a minimal HTTP API has these resources of API Gateway and no others', () => {
    const types = Object.values<{ Type: string }>(template.toJSON()['Resources']).map(
      ({ Type }) => Type,
    );

    expect(types.filter((type) => type.startsWith('AWS::ApiGateway')).sort()).toEqual([
      API,
      AUTHORIZER,
      INTEGRATION,
      INTEGRATION,
      ROUTE,
      ROUTE,
      STAGE,
    ]);
  });

  it('a minimal HTTP API has an authorizer with simple responses, whose results are cached by token and route', () => {
    expect(only(template, AUTHORIZER)[1]).toMatchObject({
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
      AuthorizerResultTtlInSeconds: 60,
    });
  });

  it('a minimal HTTP API lets only its authorizers call the version of the function', () => {
    const [api] = only(template, API);
    const [version] = only(template, 'AWS::Lambda::Version');
    const [, permission] = only(template, 'AWS::Lambda::Permission');

    expect(permission).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      FunctionName: { Ref: version },
    });
    expect(JSON.stringify(permission['SourceArn'])).toContain(`{"Ref":"${api}"},"/authorizers/*"`);
  });

  it('a minimal HTTP API protects every method and path, which go to the upstream with the phantom token', () => {
    const [authorizer] = only(template, AUTHORIZER);
    const routes = routesOf(template);

    expect([...routes.keys()].sort()).toEqual(['ANY /', 'ANY /{proxy+}']);
    for (const [key, route] of routes) {
      expect(route).toMatchObject({
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: authorizer },
        integration: {
          IntegrationType: 'HTTP_PROXY',
          IntegrationMethod: 'ANY',
          IntegrationUri: `https://orders.internal.example.com${key.slice('ANY '.length).replace('+', '')}`,
          RequestParameters: { 'overwrite:header.x-phantom-token': '$context.authorizer.jwt' },
        },
      });
    }
  });

  it('a minimal HTTP API is deployed to the default stage, and outputs its URL', () => {
    const [api] = only(template, API);

    expect(only(template, STAGE)[1]).toMatchObject({ StageName: '$default', AutoDeploy: true });
    expect(Object.keys(template.toJSON()['Outputs']).sort()).toEqual([
      'ApiUrl',
      'AuthorizerFunctionName',
      'CredentialsSecretArn',
      'TokenCacheTableName',
    ]);
    expect(JSON.stringify(template.toJSON()['Outputs'].ApiUrl.Value)).toMatch(
      new RegExp(`^\\{"Fn::Join":\\["",\\["https://",\\{"Ref":"${api}"\\},"\\.execute-api\\.`),
    );
  });

  it('the access log of an HTTP API has caller, request and result, and nothing of the token', () => {
    const { DestinationArn, Format } = only(template, STAGE)[1]['AccessLogSettings'] as {
      DestinationArn: { 'Fn::GetAtt': [string, string] };
      Format: string;
    };
    const fields = JSON.parse(Format);
    const group = template.findResources('AWS::Logs::LogGroup')[DestinationArn['Fn::GetAtt'][0]];

    expect(group?.['Properties']).toEqual({ RetentionInDays: 30 });
    expect(fields).toMatchObject({
      requestId: '$context.requestId',
      resource: '$context.routeKey',
      status: '$context.status',
      subject: '$context.authorizer.sub',
      clientId: '$context.authorizer.client_id',
      authorizerError: '$context.authorizer.error',
    });
    expect(Format).not.toMatch(/jwt|authorization|\$context\.authorizer\.scope/i);
  });

  it('a minimal HTTP API has no CORS, no scopes by route and no warning of the header', () => {
    expect(only(template, API)[1]).not.toHaveProperty('CorsConfiguration');
    expect(Object.values(scopeRulesOf(template))).toEqual([[[[[]], ['*']]]]);
    expect(warnings.join()).not.toContain('phantomTokenHeader');
  });
});

describe('the HTTP API of a full config', () => {
  const { template } = synthesize({
    cache: { authorizerResultTtlSeconds: 0 },
    api: {
      type: 'HTTP',
      upstream: 'https://orders.internal.example.com/v1/',
      scopes: ['read'],
      phantomTokenHeader: 'X-Internal-Token',
      cors: { allowOrigins: ['https://app.example.com', 'https://admin.example.com'] },
      routes: [
        { method: 'ANY', path: '/orders/{id}', scopes: ['orders:write'] },
        { method: 'GET', path: '/orders/{id}', scopes: [['orders:read'], ['orders:write']] },
        { method: 'HEAD', path: '/orders/{id}', public: true },
        { method: 'ANY', path: '/files/{proxy+}' },
        { method: 'ANY', path: '/health', public: true },
      ],
    },
  });
  const routes = routesOf(template);

  it('an HTTP API with CORS responds to preflight requests itself and lets pages read every header', () => {
    expect(only(template, API)[1]).toHaveProperty('CorsConfiguration', {
      AllowOrigins: ['https://app.example.com', 'https://admin.example.com'],
      AllowMethods: ['*'],
      AllowHeaders: ['*', 'Authorization'],
      ExposeHeaders: ['*'],
      MaxAge: 3600,
    });
    expect([...routes.keys()].filter((key) => /^(ANY|OPTIONS) /.test(key))).toEqual([]);
  });

  it('an HTTP API with CORS has every other method of ANY as a route of its own', () => {
    const keys = ['/files/{proxy+}', '/health', '/orders/{id}'].flatMap((path) =>
      OTHER_METHODS.map((method) => `${method} ${path}`),
    );

    expect([...routes.keys()].sort()).toEqual(keys.sort());
  });

  it('an HTTP API with CORS keeps routes with named methods as they are', () => {
    const authorizerOf = (key: string) => routes.get(key)?.AuthorizerId?.Ref;

    expect(routes.get('HEAD /orders/{id}')).toMatchObject({ AuthorizationType: 'NONE' });
    expect(authorizerOf('PUT /orders/{id}')).toBe(authorizerOf('DELETE /orders/{id}'));
    expect(
      new Set([
        authorizerOf('GET /orders/{id}'),
        authorizerOf('PUT /orders/{id}'),
        authorizerOf('GET /files/{proxy+}'),
      ]).size,
    ).toBe(3);
    template.resourceCountIs(AUTHORIZER, 3);
    template.allResourcesProperties(AUTHORIZER, { AuthorizerResultTtlInSeconds: 0 });
  });

  it('an HTTP API passes the scopes of its routes to the function', () => {
    const [api] = only(template, API);

    expect(scopeRulesOf(template)).toEqual({
      [api]: {
        uncached: true,
        rules: [
          [[['read', 'orders:write']], ['POST,PUT,PATCH,DELETE /orders/{id}']],
          [
            [
              ['read', 'orders:read'],
              ['read', 'orders:write'],
            ],
            ['GET /orders/{id}'],
          ],
          [[['read']], ['GET,HEAD,POST,PUT,PATCH,DELETE /files/{proxy+}']],
        ],
      },
    });
  });

  it('an HTTP API overwrites the configured header on every protected route', () => {
    const guarded = [...routes.values()].filter((it) => it.AuthorizationType === 'CUSTOM');

    expect(guarded).toHaveLength(11);
    for (const { integration } of guarded) {
      expect(integration['RequestParameters']).toEqual({
        'overwrite:header.X-Internal-Token': '$context.authorizer.jwt',
      });
    }
  });

  it('an HTTP API removes the configured header on public routes, which have no authorizer', () => {
    const open = [...routes].filter(([, it]) => it.AuthorizationType === 'NONE');

    expect(open.map(([key]) => key).sort()).toEqual(
      [...OTHER_METHODS.map((method) => `${method} /health`), 'HEAD /orders/{id}'].sort(),
    );
    for (const [, route] of open) {
      expect(route).not.toHaveProperty('AuthorizerId');
      expect(route.integration['RequestParameters']).toEqual({
        'remove:header.X-Internal-Token': '',
      });
    }
  });

  it('an HTTP API keeps the path of the upstream, with an integration for each path and kind', () => {
    const uris = Object.values(template.findResources(INTEGRATION)).map(
      ({ Properties }) => Properties.IntegrationUri,
    );

    expect(uris.sort()).toEqual([
      'https://orders.internal.example.com/v1/files/{proxy}',
      'https://orders.internal.example.com/v1/health',
      'https://orders.internal.example.com/v1/orders/{id}',
      'https://orders.internal.example.com/v1/orders/{id}',
    ]);
  });
});
