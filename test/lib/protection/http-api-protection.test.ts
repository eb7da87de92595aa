import { Duration, type Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  CfnApi,
  CfnRoute,
  CorsHttpMethod,
  HttpApi,
  type HttpApiProps,
  HttpMethod,
  HttpRoute,
  type HttpRouteIntegration,
  HttpRouteKey,
  type IHttpApi,
  MappingValue,
  ParameterMapping,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  HttpAlbIntegration,
  HttpLambdaIntegration,
  HttpNlbIntegration,
  HttpServiceDiscoveryIntegration,
  HttpUrlIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  NetworkLoadBalancer,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import {
  AuthorizerFunction,
  HttpApiProtection,
  type HttpApiProtectionProps,
  PropError,
  RestApiProtection,
} from '../../../lib';
import { thrownBy } from '../../support/faults';
import { newFunction } from '../../support/protected-rest-api';
import { newStack, only, scopeRulesOf, synthesizeConstructs } from '../../support/synthesize';

const URL = 'https://orders.internal.example.com';
const JWT = MappingValue.contextVariable('authorizer.jwt');
const AUTHORIZER = 'AWS::ApiGatewayV2::Authorizer';
const INTEGRATION = 'AWS::ApiGatewayV2::Integration';

type Arrange = (parts: {
  readonly stack: Stack;
  readonly api: HttpApi;
  readonly authorizerFunction: AuthorizerFunction;
  readonly protection: HttpApiProtection;
}) => void;

/** The template of an API that was there already, and got a protection. */
function protect(
  declare: Arrange,
  props: Partial<HttpApiProtectionProps> = {},
  apiProps: HttpApiProps = {},
): Template {
  return synthesizeConstructs((stack) => {
    const api = new HttpApi(stack, 'Orders', apiProps);
    const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
      introspectionEndpoint: 'https://login.example.com/introspect',
    });
    const protection = new HttpApiProtection(stack, 'Protection', {
      api,
      authorizerFunction,
      ...props,
    });
    declare({ stack, api, authorizerFunction, protection });
  });
}

/** What synthesis says is wrong, line by line. */
function findings(...args: Parameters<typeof protect>): string[] {
  const [, ...lines] = String(thrownBy(() => protect(...args))).split('\n');
  return lines.map((line) => line.trim());
}

/** Returns a VPC with few resources. */
const vpcIn = (stack: Stack) => new Vpc(stack, 'Vpc', { maxAzs: 1 });

const toUrl = (parameterMapping?: ParameterMapping) =>
  new HttpUrlIntegration('Upstream', URL, { parameterMapping });
const get =
  (
    integration: (parts: Parameters<Arrange>[0]) => HttpRouteIntegration,
    isPublic = false,
  ): Arrange =>
  (parts) => {
    const { api, protection } = parts;
    const authorizer = isPublic ? protection.publicAccess() : protection.authorizer();
    api.addRoutes({
      path: '/',
      methods: [HttpMethod.GET],
      integration: integration(parts),
      authorizer,
    });
  };
const good = get(({ protection }) => toUrl(protection.parameterMapping()));

describe('an existing API in ten lines', () => {
  const template = protect(
    ({ api, protection }) => {
      api.addRoutes({
        path: '/orders',
        methods: [HttpMethod.GET, HttpMethod.HEAD],
        integration: new HttpUrlIntegration('Orders', `${URL}/orders`, {
          parameterMapping: protection.parameterMapping(),
        }),
        authorizer: protection.authorizer({ scopes: [['orders:read'], ['admin']] }),
      });
      api.addRoutes({
        path: '/orders/{id}',
        methods: [HttpMethod.PUT],
        integration: new HttpUrlIntegration('Order', `${URL}/orders/{id}`, {
          parameterMapping: protection.parameterMapping(),
        }),
        authorizer: protection.authorizer({ scopes: ['orders:write'] }),
      });
      api.addRoutes({
        path: '/health',
        integration: new HttpUrlIntegration('Health', `${URL}/health`, {
          parameterMapping: protection.publicParameterMapping(),
        }),
        authorizer: protection.publicAccess(),
      });
    },
    {
      scopes: ['orders'],
      resultsCacheTtl: Duration.seconds(30),
      phantomTokenHeader: 'X-Internal-Token',
    },
  );
  const [api] = only(template, 'AWS::ApiGatewayV2::Api');
  const routeOf = (RouteKey: string) => only(template, 'AWS::ApiGatewayV2::Route', { RouteKey })[1];

  it('an existing HTTP API passes to the function what each route requires', () => {
    expect(scopeRulesOf(template)).toEqual({
      [api]: [
        [
          [
            ['orders', 'orders:read'],
            ['orders', 'admin'],
          ],
          ['GET,HEAD /orders'],
        ],
        [[['orders', 'orders:write']], ['PUT /orders/{id}']],
      ],
    });
  });

  it('an existing HTTP API has an authorizer of the one function for each requirement', () => {
    const used = ['GET /orders', 'HEAD /orders', 'PUT /orders/{id}'].map((key) => {
      expect(routeOf(key)).toHaveProperty('AuthorizationType', 'CUSTOM');
      return (routeOf(key)['AuthorizerId'] as { Ref: string }).Ref;
    });
    const [version] = only(template, 'AWS::Lambda::Version');

    expect(used[0]).toBe(used[1]);
    expect([...new Set(used)].sort()).toEqual(
      Object.keys(template.findResources(AUTHORIZER)).sort(),
    );
    for (const { Properties } of Object.values(template.findResources(AUTHORIZER))) {
      expect(Properties).toMatchObject({
        ApiId: { Ref: api },
        AuthorizerType: 'REQUEST',
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        IdentitySource: ['$request.header.Authorization', '$context.routeKey'],
        AuthorizerResultTtlInSeconds: 30,
        AuthorizerUri: {
          'Fn::Join': ['', expect.arrayContaining([{ Ref: version }])],
        },
      });
    }
    const [, permission] = only(template, 'AWS::Lambda::Permission');
    expect(JSON.stringify(permission['SourceArn'])).toContain(`{"Ref":"${api}"},"/authorizers/*"`);
  });

  it('an existing HTTP API overwrites the header on protected routes, and removes it on public ones', () => {
    const parameters = Object.values(template.findResources(INTEGRATION)).map(
      ({ Properties }) => Properties.RequestParameters,
    );

    expect(parameters).toEqual([
      { 'overwrite:header.X-Internal-Token': '$context.authorizer.jwt' },
      { 'overwrite:header.X-Internal-Token': '$context.authorizer.jwt' },
      { 'remove:header.X-Internal-Token': '' },
    ]);
  });

  it('a public route of an existing HTTP API has no authorizer', () => {
    expect(routeOf('ANY /health')).toHaveProperty('AuthorizationType', 'NONE');
    expect(routeOf('ANY /health')).not.toHaveProperty('AuthorizerId');
  });
});

describe('a route that is left without the authorizer', () => {
  const except = 'and name it in protectAll({ except }) if it needs no token';
  const advices = {
    $default: `the constructor of another construct declares it, so call protectAll() of Stack/Protection, ${except}`,
    'ANY /later':
      'declare it with the authorizer() of Stack/Protection, or with its publicAccess() if it needs no ' +
      'token; if it is declared before the protection, use protect() or protectAll({ except })',
    'GET /raw': `pass it to protect() of Stack/Protection, or call its protectAll(), ${except}`,
  };

  it('a route without the authorizer fails synthesis, whenever it was declared, and all are listed', () => {
    const declare: Arrange = (parts) => {
      good(parts);
      parts.api.addRoutes({ path: '/later', integration: toUrl() });
      new CfnRoute(parts.stack, 'Raw', { apiId: parts.api.apiId, routeKey: 'GET /raw' });
    };
    const before = { defaultIntegration: new HttpUrlIntegration('Default', URL) };

    expect(findings(declare, {}, before)).toEqual(
      Object.entries(advices).map(
        ([name, advice]) => `[Stack/Protection] ${name}: has no authorizer: ${advice}`,
      ),
    );
  });

  it('a route without the authorizer passes synthesis for preflight requests, another authorizer or another API', () => {
    const declare: Arrange = (parts) => {
      good(parts);
      parts.api.addRoutes({
        path: '/iam',
        integration: toUrl(),
        authorizer: new HttpIamAuthorizer(),
      });
      new HttpApi(parts.stack, 'Other', { defaultIntegration: new HttpUrlIntegration('It', URL) });
    };
    const allowOrigins = ['https://app.example.com'];

    expect(() =>
      protect(declare, {}, { corsPreflight: { allowOrigins, allowMethods: [CorsHttpMethod.ANY] } }),
    ).not.toThrow();
  });
});

describe('a protected route that takes preflight requests', () => {
  const cors: HttpApiProps = {
    corsPreflight: { allowOrigins: ['*'], allowMethods: [CorsHttpMethod.ANY] },
  };
  const routes =
    (...keys: readonly (readonly [name: string, isPublic?: boolean])[]): Arrange =>
    ({ stack, api, protection }) => {
      good({ stack, api, protection } as Parameters<Arrange>[0]);
      for (const [name, isPublic = false] of keys) {
        const [method, path] = name.split(' ');
        new HttpRoute(stack, name, {
          httpApi: api,
          routeKey:
            path === undefined
              ? HttpRouteKey.DEFAULT
              : HttpRouteKey.with(path, method as HttpMethod),
          integration: new HttpUrlIntegration(`To ${name}`, URL, {
            parameterMapping: isPublic
              ? protection.publicParameterMapping()
              : protection.parameterMapping(),
          }),
          authorizer: isPublic ? protection.publicAccess() : protection.authorizer(),
        });
      }
    };
  const finding = (name: string, preflight: string) =>
    `[Stack/Protection] ${name}: takes preflight requests, which have no token, before ` +
    `corsPreflight handles them: name its methods, or declare ${preflight} with the publicAccess() ` +
    'of Stack/Protection';

  it('a protected route that takes preflight requests fails synthesis of an API with corsPreflight', () => {
    expect(findings(routes(['ANY /a'], ['ANY /b'], ['$default']), {}, cors)).toEqual([
      finding('ANY /a', 'OPTIONS /a'),
      finding('ANY /b', 'OPTIONS /b'),
      finding('$default', 'OPTIONS /{proxy+}'),
    ]);
  });

  it('a protected route that takes preflight requests fails synthesis also if another one for them is protected', () => {
    expect(findings(routes(['ANY /a'], ['OPTIONS /a']), {}, cors)).toEqual([
      finding('ANY /a', 'OPTIONS /a'),
    ]);
  });

  it.each<[string, Arrange, HttpApiProps]>([
    ['an API without corsPreflight', routes(['ANY /a'], ['$default']), {}],
    ['a route that is public', routes(['ANY /a', true]), cors],
    ['a route with named methods', routes(['GET /a'], ['POST /a']), cors],
    ['a route with a public OPTIONS route', routes(['ANY /a'], ['OPTIONS /a', true]), cors],
    [
      'the default route with a public OPTIONS route',
      routes(['$default'], ['OPTIONS /{proxy+}', true]),
      cors,
    ],
  ])('preflight requests need no route with publicAccess() for %s', (_, declare, apiProps) => {
    expect(() => protect(declare, {}, apiProps)).not.toThrow();
  });
});

describe('the integration of a protected route', () => {
  it.each<[string, ParameterMapping | undefined]>([
    ['no mapping', undefined],
    [
      'the header appended to that of the client',
      new ParameterMapping().appendHeader('x-phantom-token', JWT),
    ],
    ['the header removed', new ParameterMapping().removeHeader('x-phantom-token')],
    ['another header', new ParameterMapping().overwriteHeader('x-token', JWT)],
    ['a header that ends alike', new ParameterMapping().overwriteHeader('my-x-phantom-token', JWT)],
    [
      'another value',
      new ParameterMapping().overwriteHeader(
        'x-phantom-token',
        MappingValue.contextVariable('authorizer.sub'),
      ),
    ],
    [
      'another value for the header in another case',
      new ParameterMapping()
        .overwriteHeader('x-phantom-token', JWT)
        .appendHeader('X-Phantom-Token', MappingValue.requestHeader('x')),
    ],
  ])('the integration of a protected route fails synthesis with %s', (_, mapping) => {
    expect(findings(get(() => toUrl(mapping)))).toEqual([
      '[Stack/Protection] GET /: its integration does not overwrite x-phantom-token with the phantom ' +
        'token: give it the parameterMapping() of Stack/Protection',
    ]);
  });

  it('the integration of a protected route fails synthesis if its header is not that of the protection', () => {
    const theirs = get(() => toUrl(new ParameterMapping().overwriteHeader('x-phantom-token', JWT)));

    expect(() => protect(theirs)).not.toThrow();
    expect(findings(theirs, { phantomTokenHeader: 'x-jwt' })).toHaveLength(1);
  });

  it('the integration of a protected route can have more mappings', () => {
    const more = get(({ protection }) =>
      toUrl(protection.parameterMapping().overwritePath(MappingValue.requestPath())),
    );

    expect(() => protect(more)).not.toThrow();
  });

  it.each<
    [string, (parts: Parameters<Arrange>[0], mapping?: ParameterMapping) => HttpRouteIntegration]
  >([
    [
      'an application load balancer',
      ({ stack }, parameterMapping) => {
        const balancer = new ApplicationLoadBalancer(stack, 'Balancer', {
          vpc: vpcIn(stack),
        });
        const listener = balancer.addListener('Listener', { port: 80, open: false });
        listener.addTargets('Targets', { port: 80 });
        return new HttpAlbIntegration('Upstream', listener, { parameterMapping });
      },
    ],
    [
      'a network load balancer',
      ({ stack }, parameterMapping) => {
        const balancer = new NetworkLoadBalancer(stack, 'Balancer', { vpc: vpcIn(stack) });
        const listener = balancer.addListener('Listener', { port: 80 });
        listener.addTargets('Targets', { port: 80 });
        return new HttpNlbIntegration('Upstream', listener, { parameterMapping });
      },
    ],
    [
      'a service of Cloud Map',
      ({ stack, api }, parameterMapping) => {
        const vpc = vpcIn(stack);
        const namespace = new PrivateDnsNamespace(stack, 'Names', { name: 'x.internal', vpc });
        const vpcLink = api.addVpcLink({ vpc });
        const service = namespace.createService('Orders');
        return new HttpServiceDiscoveryIntegration('Upstream', service, {
          vpcLink,
          parameterMapping,
        });
      },
    ],
  ])('the integration of a protected route can carry the mapping to %s', (_, integrationTo) => {
    const template = protect(
      get((parts) => integrationTo(parts, parts.protection.parameterMapping())),
    );

    expect(only(template, INTEGRATION)[1]).toMatchObject({
      ConnectionType: 'VPC_LINK',
      RequestParameters: { 'overwrite:header.x-phantom-token': '$context.authorizer.jwt' },
    });
    expect(findings(get((parts) => integrationTo(parts)))).toHaveLength(1);
  });

  it('the integration of a protected route needs no mapping if it is a function, which reads the token from the context', () => {
    const toFunction = get(({ stack }) => {
      const handler = new LambdaFunction(stack, 'Handler', {
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = async () => ({ statusCode: 204 });'),
      });
      return new HttpLambdaIntegration('Upstream', handler);
    });

    expect(() => protect(toFunction)).not.toThrow();
  });

  it('the integration of a protected route fails synthesis if it is not declared in the app', () => {
    const declare: Arrange = (parts) => {
      good(parts);
      const { api, protection } = parts;
      const [route] = api.addRoutes({
        path: '/x',
        integration: new HttpUrlIntegration('X', URL),
        authorizer: protection.authorizer(),
      });
      (route?.node.defaultChild as CfnRoute).target = 'integrations/abc';
    };

    expect(findings(declare)).toEqual([
      '[Stack/Protection] ANY /x: its integration is not declared in this app',
    ]);
  });
});

describe('the integration of a public route', () => {
  it.each<[string, ParameterMapping | undefined]>([
    ['no mapping', undefined],
    [
      'the mapping of protected routes',
      new ParameterMapping().overwriteHeader('x-phantom-token', JWT),
    ],
  ])(
    'the integration of a public route fails synthesis with %s, since a client could set the header',
    (_, mapping) => {
      expect(findings(get(() => toUrl(mapping), true))).toEqual([
        '[Stack/Protection] GET /: its integration lets clients set x-phantom-token: give it the ' +
          'publicParameterMapping() of Stack/Protection',
      ]);
    },
  );
});

describe('an API protection', () => {
  it.each<[Partial<HttpApiProtectionProps>, string]>([
    [
      { resultsCacheTtl: Duration.hours(2) },
      'resultsCacheTtl must be a whole number of seconds from 0 to 3600, got: "7200 s"',
    ],
    [
      { scopes: [''] },
      'scopes must be one scope: printable ASCII without spaces, quotes and \\, got: ""',
    ],
    ...['Authorization', 'x-amz-token', 'x token', ''].map(
      (phantomTokenHeader): [object, string] => [
        { phantomTokenHeader },
        `phantomTokenHeader must be the name of a header that HTTP APIs do not reserve, got: "${phantomTokenHeader}"`,
      ],
    ),
  ])('a protection of an HTTP API rejects the props %j', (props, message) => {
    expect(thrownBy(() => protect(good, props))).toEqual(new PropError(message));
  });

  it('a protection of an HTTP API gives no authorizer to routes of another API', () => {
    const elsewhere: Arrange = ({ stack, protection }) => {
      const authorizer = protection.authorizer();
      new HttpApi(stack, 'Other').addRoutes({ path: '/', integration: toUrl(), authorizer });
    };

    expect(String(thrownBy(() => protect(elsewhere)))).toMatch(
      /^PropError: authorizer must be one of the route's API: Stack\/Protection protects another API than that of Stack\/Other\//,
    );
  });

  it('a protection shares its function with APIs of both kinds', () => {
    const template = protect((parts) => {
      good(parts);
      const { stack, authorizerFunction } = parts;
      const api = new RestApi(stack, 'Rest');
      const protection = new RestApiProtection(stack, 'RestProtection', {
        api,
        authorizerFunction,
      });
      const authorizer = protection.authorizer({ scopes: ['x'] });
      api.root.addMethod('GET', new MockIntegration(), { authorizer });
    });
    const [http] = only(template, 'AWS::ApiGatewayV2::Api');
    const [rest] = only(template, 'AWS::ApiGateway::RestApi');

    expect(scopeRulesOf(template)).toEqual({
      [http]: [[[[]], ['*']]],
      [rest]: [[[['x']], ['*']]],
    });
  });

  it('a protection covers routes of an imported HTTP API that are declared in the app', () => {
    const template = synthesizeConstructs((stack) => {
      const api = HttpApi.fromHttpApiAttributes(stack, 'Api', { httpApiId: 'a1b2c3d4e5' });
      const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
        introspectionEndpoint: 'https://login.example.com/introspect',
      });
      const protection = new HttpApiProtection(stack, 'Protection', { api, authorizerFunction });
      new HttpRoute(stack, 'Route', {
        httpApi: api,
        routeKey: HttpRouteKey.with('/orders', HttpMethod.GET),
        integration: toUrl(protection.parameterMapping()),
        authorizer: protection.authorizer({ scopes: ['x'] }),
      });
    });

    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SCOPE_RULES: '{"a1b2c3d4e5":[[[["x"]],["*"]]]}' } },
    });
    expect(only(template, AUTHORIZER)[1]).toHaveProperty('ApiId', 'a1b2c3d4e5');
  });
});

it.each([
  [
    'an OpenAPI definition',
    (api: CfnApi) => Object.assign(api, { body: { openapi: '3.0.1' } }),
    'api must declare its routes in the app: Stack/Orders has them in an OpenAPI definition. Declare them in an HttpApi with addRoutes()',
  ],
  [
    'WebSocket routes',
    (api: CfnApi) => Object.assign(api, { protocolType: 'WEBSOCKET' }),
    'api must be an HTTP API, since WebSocket APIs authorize only their $connect route, got: "Stack/Orders"',
  ],
])(
  'HttpApiProtection refuses an API with %s, also as an imported L1 construct',
  (_, change, message) => {
    const refused = (make: (stack: Stack) => IHttpApi) =>
      thrownBy(() => {
        const stack = newStack();
        const api = make(stack);
        new HttpApiProtection(stack, 'Protection', { api, authorizerFunction: newFunction(stack) });
      });

    expect(
      refused((stack) => {
        const api = new HttpApi(stack, 'Orders');
        change(api.node.defaultChild as CfnApi);
        return api;
      }),
    ).toEqual(new PropError(message));
    expect(
      refused((stack) => {
        const api = new CfnApi(stack, 'L1', { protocolType: 'HTTP', name: 'orders' });
        change(api);
        return HttpApi.fromHttpApiAttributes(stack, 'Orders', { httpApiId: api.ref });
      }),
    ).toEqual(new PropError(message));
  },
);

test('HttpApiProtection refuses an L1 construct as the API', () => {
  const stack = newStack();
  const api = new CfnApi(stack, 'L1', { protocolType: 'HTTP', name: 'orders' });
  const authorizerFunction = newFunction(stack);

  expect(
    thrownBy(() => new HttpApiProtection(stack, 'P', { api: api as never, authorizerFunction })),
  ).toEqual(
    new PropError(
      'api must be a RestApi or an HttpApi: import an L1 construct by its ref, with fromRestApiAttributes() or fromHttpApiAttributes(), got: "Stack/L1"',
    ),
  );
});
