import { Duration, Stack } from 'aws-cdk-lib';
import {
  ApiDefinition,
  CfnRestApi,
  Deployment,
  HttpIntegration,
  type IRestApi,
  MockIntegration,
  Resource,
  ResponseType,
  RestApi,
  SpecRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { PropError, RestApiProtection, type RestApiProtectionProps } from '../../../lib';
import { thrownBy } from '../../support/faults';
import { type Arrange, findings, newFunction, protect } from '../../support/protected-rest-api';
import {
  methodsOf,
  newApp,
  newStack,
  only,
  scopeRulesOf,
  synthesizeConstructs,
} from '../../support/synthesize';

const AUTHORIZER = 'AWS::ApiGateway::Authorizer';
const URL = 'https://orders.internal.example.com/orders';
const MAPPING = 'integration.request.header.Authorization';
const TOKEN = 'context.authorizer.authorization';

describe('an existing API in ten lines', () => {
  const template = protect(
    ({ api, protection }) => {
      const orders = api.root.addResource('orders');
      orders.addMethod('GET', protection.httpIntegration(URL), {
        authorizer: protection.authorizer({ scopes: [['orders:read'], ['admin']] }),
      });
      orders.addResource('{id}').addMethod('PUT', protection.httpIntegration(`${URL}/{id}`), {
        authorizer: protection.authorizer({ scopes: ['orders:write'] }),
      });
      api.root.addResource('health').addMethod('GET', new HttpIntegration('https://x/health'), {
        authorizer: protection.publicAccess(),
      });
    },
    { scopes: ['orders'], resultsCacheTtl: Duration.seconds(30), realm: 'Orders' },
  );
  const methods = methodsOf(template);
  const [api] = only(template, 'AWS::ApiGateway::RestApi');

  it('an existing REST API passes to the function what each method requires', () => {
    expect(scopeRulesOf(template)).toEqual({
      [api]: [
        [
          [
            ['orders', 'orders:read'],
            ['orders', 'admin'],
          ],
          ['GET /orders'],
        ],
        [[['orders', 'orders:write']], ['PUT /orders/{id}']],
      ],
    });
  });

  it('an existing REST API has an authorizer of the one function for each requirement', () => {
    const ids = ['GET /orders', 'PUT /orders/{id}'].map((route) => {
      const method = methods.get(route);
      expect(method?.properties).toHaveProperty('AuthorizationType', 'CUSTOM');
      return (method?.properties['AuthorizerId'] as { readonly Ref: string } | undefined)?.Ref;
    });
    const [version] = only(template, 'AWS::Lambda::Version');

    expect(ids.sort()).toEqual(Object.keys(template.findResources(AUTHORIZER)).sort());
    for (const { Properties } of Object.values(template.findResources(AUTHORIZER))) {
      expect(Properties).toMatchObject({
        RestApiId: { Ref: api },
        Type: 'REQUEST',
        IdentitySource: 'method.request.header.Authorization',
        AuthorizerResultTtlInSeconds: 30,
        AuthorizerUri: {
          'Fn::Join': ['', expect.arrayContaining([{ Ref: version }])],
        },
      });
    }
    const [, permission] = only(template, 'AWS::Lambda::Permission');
    expect(JSON.stringify(permission['SourceArn'])).toContain(`{"Ref":"${api}"},"/authorizers/*"`);
  });

  it('an existing REST API sends the phantom token upstream, with the method and the path of the request', () => {
    expect(methods.get('PUT /orders/{id}')?.properties).toMatchObject({
      RequestParameters: { 'method.request.path.id': true },
      Integration: {
        Type: 'HTTP_PROXY',
        IntegrationHttpMethod: 'PUT',
        Uri: `${URL}/{id}`,
        RequestParameters: {
          [MAPPING]: TOKEN,
          'integration.request.path.id': 'method.request.path.id',
        },
      },
    });
  });

  it('a public method of an existing REST API has no authorizer', () => {
    const properties = methods.get('GET /health')?.properties;

    expect(properties).toHaveProperty('AuthorizationType', 'NONE');
    expect(properties).not.toHaveProperty('AuthorizerId');
  });

  it('the challenges of an existing REST API name the realm and what every method requires', () => {
    const [, { ResponseParameters }] = only(template, 'AWS::ApiGateway::GatewayResponse', {
      ResponseType: 'UNAUTHORIZED',
    });

    expect(ResponseParameters).toEqual({
      'gatewayresponse.header.WWW-Authenticate': `'Bearer realm="Orders", scope="orders"'`,
    });
    template.resourceCountIs('AWS::ApiGateway::GatewayResponse', 4);
  });
});

it('a REST API is deployed again when an authorizer changes, after it', () => {
  const deployments = [30, 60].map((seconds) => {
    const template = protect(
      ({ api, protection }) => {
        const authorizer = protection.authorizer();
        api.root.addMethod('GET', new MockIntegration(), { authorizer });
      },
      { resultsCacheTtl: Duration.seconds(seconds) },
    );
    const [[id, { DependsOn }] = ['', { DependsOn: [] }]] = Object.entries(
      template.findResources('AWS::ApiGateway::Deployment'),
    );
    expect(DependsOn).toEqual(expect.arrayContaining([only(template, AUTHORIZER)[0]]));
    return id;
  });

  expect(deployments[0]).not.toBe(deployments[1]);
});

describe('an API protection', () => {
  const declareGet: Arrange = ({ api, protection }) => {
    api.root.addMethod('GET', new MockIntegration(), { authorizer: protection.authorizer() });
  };

  it.each<[Partial<RestApiProtectionProps>, string]>([
    [
      { resultsCacheTtl: Duration.seconds(3601) },
      'resultsCacheTtl must be a whole number of seconds from 0 to 3600, got: "3601 s"',
    ],
    [
      { resultsCacheTtl: Duration.millis(1500) },
      'resultsCacheTtl must be a whole number of seconds from 0 to 3600, got: "1.5 s"',
    ],
    [{ maxAuthorizers: 0 }, 'maxAuthorizers must be a whole number from 1 to 10, got: 0'],
    [{ maxAuthorizers: 11 }, 'maxAuthorizers must be a whole number from 1 to 10, got: 11'],
    [{ maxAuthorizers: 1.5 }, 'maxAuthorizers must be a whole number from 1 to 10, got: 1.5'],
    [
      { scopes: ['a b'] },
      'scopes must be one scope: printable ASCII without spaces, quotes and \\, got: "a b"',
    ],
    [{ realm: "it's" }, `realm must be printable ASCII without quotes and \\, got: "it's"`],
    [
      { protectedResource: { resource: 'https://x/', authorizationServers: [] } },
      'protectedResource.resource must not contain #, $, quotes or \\, and not end with a slash, got: "https://x/"',
    ],
    [
      {
        protectedResource: { resource: 'https://x/a', authorizationServers: [] },
        publicUrls: ['https://x/b'],
      },
      'protectedResource.resource must be one of publicUrls or below, got: https://x/a',
    ],
  ])('a protection of a REST API rejects the props %j', (props, message) => {
    expect(thrownBy(() => protect(declareGet, props))).toEqual(new PropError(message));
  });

  it.each([
    [{ resultsCacheTtl: Duration.seconds(0) }, 0],
    [{ resultsCacheTtl: Duration.seconds(3600) }, 3600],
    [{}, 60],
  ])('a protection with the props %j caches results for %i s', (props, seconds) => {
    expect(only(protect(declareGet, props), AUTHORIZER)[1]).toHaveProperty(
      'AuthorizerResultTtlInSeconds',
      seconds,
    );
  });

  it('a protection leaves room for other authorizers of the REST API', () => {
    const template = protect(
      ({ api, protection }) => {
        for (const name of ['a', 'b', 'c']) {
          const authorizer = protection.authorizer({ scopes: [name] });
          api.root.addResource(name).addMethod('GET', new MockIntegration(), { authorizer });
        }
      },
      { maxAuthorizers: 2 },
    );
    const [api] = only(template, 'AWS::ApiGateway::RestApi');

    expect(
      Object.values(template.findResources(AUTHORIZER)).map(
        (it) => it['Properties'].IdentitySource,
      ),
    ).toEqual([
      'method.request.header.Authorization',
      'method.request.header.Authorization,context.httpMethod,context.resourcePath',
    ]);
    expect(scopeRulesOf(template)[api]).toEqual([
      [[['a']], ['GET /a']],
      [[['b']], ['GET /b']],
      [[['c']], ['GET /c']],
    ]);
  });

  it.each<[string, (stack: Stack) => IRestApi]>([
    [
      'an OpenAPI definition',
      (stack) =>
        new SpecRestApi(stack, 'Api', {
          apiDefinition: ApiDefinition.fromInline({ openapi: '3.0.1' }),
        }),
    ],
    [
      'an OpenAPI definition of an imported L1 construct',
      (stack) => {
        const { ref } = new CfnRestApi(stack, 'L1', { body: { openapi: '3.0.1' } });
        const attributes = { restApiId: ref, rootResourceId: 'root' };
        return RestApi.fromRestApiAttributes(stack, 'Api', attributes);
      },
    ],
  ])('a protection rejects a REST API with %s, whose methods cannot be read', (_, make) => {
    const stack = newStack();
    const api = make(stack);

    expect(
      thrownBy(
        () => new RestApiProtection(stack, 'P', { api, authorizerFunction: newFunction(stack) }),
      ),
    ).toEqual(
      new PropError(
        'api must declare its methods in the app: Stack/Api has them in an OpenAPI definition. Declare them in a RestApi with addMethod(), or let a PhantomTokenRestApi that is the only client of this API proxy to it',
      ),
    );
  });

  it('a protection must be in the stack of its REST API', () => {
    const app = newApp();
    const [one, other] = [new Stack(app, 'One'), new Stack(app, 'Other')];
    const api = new RestApi(one, 'Api');
    const make = (scope: Stack, fn: Stack) => () =>
      new RestApiProtection(scope, 'Protection', { api, authorizerFunction: newFunction(fn) });

    expect(thrownBy(make(other, one))).toEqual(
      new PropError(
        'Other/Protection must be in the stack of its API: it is in Other, and One/Api is in One',
      ),
    );
    expect(String(thrownBy(make(one, other)))).toContain('one AuthorizerFunction in each stack');
  });

  it('a second protection of a REST API is rejected', () => {
    const second =
      (functionId?: string): Arrange =>
      ({ stack, api, ...parts }) => {
        const authorizerFunction = functionId
          ? newFunction(stack, functionId)
          : parts.authorizerFunction;
        new RestApiProtection(stack, 'Second', { api, authorizerFunction });
      };

    for (const functionId of [undefined, 'OtherFunction'])
      expect(thrownBy(() => protect(second(functionId)))).toEqual(
        new PropError(
          'api must have one protection: Stack/Orders has Stack/Protection and Stack/Second',
        ),
      );
  });

  it('a gateway response of the app for the authorizer fails synthesis of the protection', () => {
    const declare: Arrange = (parts) => {
      declareGet(parts);
      parts.api.addGatewayResponse('Mine', { type: ResponseType.UNAUTHORIZED });
      parts.api.addGatewayResponse('Cors', { type: ResponseType.DEFAULT_4XX });
    };

    expect(findings(declare)).toEqual([
      expect.stringContaining(
        'Orders/Mine/Resource: defines UNAUTHORIZED, which Stack/Protection defines too',
      ),
    ]);
    expect(findings(declare, { allowOrigins: ['*'] })).toHaveLength(1);
  });

  it('a protection fails synthesis if another API has its authorizer', () => {
    const declare: Arrange = (parts) => {
      declareGet(parts);
      const other = new RestApi(parts.stack, 'Other');
      const authorizer = parts.protection.authorizer();
      other.root.addMethod('GET', new MockIntegration(), { authorizer });
    };

    expect(findings(declare)).toEqual([
      expect.stringMatching(/Stack\/Other\/.*: has an authorizer of another API$/),
    ]);
  });

  it('the metadata is served without a token, and named in challenges', () => {
    const template = protect(declareGet, {
      protectedResource: {
        resource: 'https://api.example.com',
        authorizationServers: ['https://login.example.com'],
      },
    });
    const route = 'GET /.well-known/oauth-protected-resource';
    const [, { ResponseParameters }] = only(template, 'AWS::ApiGateway::GatewayResponse', {
      ResponseType: 'UNAUTHORIZED',
    });

    expect(methodsOf(template).get(route)?.properties).toMatchObject({
      AuthorizationType: 'NONE',
      Integration: { Type: 'MOCK', ContentHandling: 'CONVERT_TO_TEXT' },
    });
    expect(JSON.stringify(ResponseParameters)).toContain(
      'https://api.example.com/.well-known/oauth-protected-resource',
    );
  });
});

describe('several APIs and stages', () => {
  it('several APIs and stages share a function, which has the rules of each', () => {
    const template = protect(({ stack, api, authorizerFunction, protection }) => {
      api.root.addMethod('GET', new MockIntegration(), {
        authorizer: protection.authorizer({ scopes: ['a'] }),
      });
      const other = new RestApi(stack, 'Items', { deployOptions: { stageName: 'v1' } });
      const authorizer = new RestApiProtection(stack, 'ItemsProtection', {
        api: other,
        authorizerFunction,
        scopes: ['b'],
      }).authorizer();
      other.root.addMethod('GET', new MockIntegration(), { authorizer });
      new Deployment(stack, 'Again', { api: other });
    });
    const ids = Object.keys(template.findResources('AWS::ApiGateway::RestApi'));

    expect(scopeRulesOf(template)).toEqual({
      [ids.find((id) => id.startsWith('Orders')) ?? '']: [[[['a']], ['*']]],
      [ids.find((id) => id.startsWith('Items')) ?? '']: [[[['b']], ['*']]],
    });
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs(AUTHORIZER, 2);
  });
});

describe('an imported API', () => {
  it('an imported REST API is protected as far as its methods are declared in the app', () => {
    const template = synthesizeConstructs((stack) => {
      const api = RestApi.fromRestApiAttributes(stack, 'Api', {
        restApiId: 'a1b2c3d4e5',
        rootResourceId: 'root',
      });
      const protection = new RestApiProtection(stack, 'Protection', {
        api,
        authorizerFunction: newFunction(stack),
      });
      const authorizer = protection.authorizer({ scopes: ['x'] });
      api.root
        .addResource('orders')
        .addMethod('GET', protection.httpIntegration(URL), { authorizer });
      Resource.fromResourceAttributes(stack, 'Items', {
        resourceId: 'items',
        restApi: api,
        path: '/items/{id}',
      }).addMethod('GET', protection.httpIntegration(`${URL}/{id}`), {
        authorizer: protection.authorizer(),
      });
    });

    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          SCOPE_RULES: '{"a1b2c3d4e5":[[[["x"]],["GET /orders"]],[[[]],["GET /items/{id}"]]]}',
        },
      },
    });
    template.allResourcesProperties(AUTHORIZER, { RestApiId: 'a1b2c3d4e5' });
    template.allResourcesProperties('AWS::ApiGateway::GatewayResponse', {
      RestApiId: 'a1b2c3d4e5',
    });
  });

  it('an imported REST API is checked for methods that are declared in the app', () => {
    const stack = newStack();
    const api = RestApi.fromRestApiAttributes(stack, 'Api', {
      restApiId: 'a1b2c3d4e5',
      rootResourceId: 'root',
    });
    const protection = new RestApiProtection(stack, 'P', {
      api,
      authorizerFunction: newFunction(stack),
    });
    api.root.addMethod('GET');

    expect(protection.node.validate()).toEqual([
      expect.stringMatching(/^GET \/: has no authorizer/),
    ]);
  });
});
