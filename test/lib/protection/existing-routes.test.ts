import { Aspects, type CfnResource, Lazy, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import {
  AuthorizationType,
  CfnMethod,
  CfnResource as CfnPath,
  type CfnRestApi,
  HttpIntegration,
  LambdaRestApi,
  MockIntegration,
  RestApi,
  StepFunctionsRestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { CfnIntegration, CfnRoute, HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaIntegration,
  HttpUrlIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  DefinitionBody,
  Pass,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import {
  AuthorizerFunction,
  HttpApiProtection,
  PropError,
  RestApiProtection,
  SenderConstraint,
} from '../../../lib';
import { thrownBy } from '../../support/faults';
import { findings, linesOf, newFunction, protect } from '../../support/protected-rest-api';
import { methodsOf, newApp, scopeRulesOf, synthesizeConstructs } from '../../support/synthesize';

const URL = 'https://orders.internal.example.com/orders';
const TOKEN = { 'integration.request.header.Authorization': 'context.authorizer.authorization' };

const handlerIn = (stack: Stack) =>
  LambdaFunction.fromFunctionArn(
    stack,
    'Handler',
    'arn:aws:lambda:eu-central-1:123456789012:function:orders',
  );
const restProtection = (stack: Stack, api: RestApi) =>
  new RestApiProtection(stack, 'Protection', { api, authorizerFunction: newFunction(stack) });
const httpProtection = (stack: Stack, api: HttpApi) =>
  new HttpApiProtection(stack, 'Protection', { api, authorizerFunction: newFunction(stack) });

/** Returns the logical IDs of a template, except those of deployments. */
function idsOf(template: Template): string[] {
  const { Resources } = template.toJSON() as { Resources: Record<string, { Type: string }> };
  return Object.entries(Resources).flatMap(([id, { Type }]) =>
    Type === 'AWS::ApiGateway::Deployment' ? [] : [id],
  );
}

/** Returns the authorization type of each method of a template. */
const typesOf = (template: Template) =>
  Object.fromEntries(
    [...methodsOf(template)].map(([name, { properties }]) => [
      name,
      properties['AuthorizationType'],
    ]),
  );

/** Returns the properties of the routes by their keys. */
const routesOf = (template: Template) =>
  new Map(
    Object.values(template.findResources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [
      Properties.RouteKey as string,
      Properties,
    ]),
  );

const deploymentIn = (template: Template) =>
  Object.keys(template.findResources('AWS::ApiGateway::Deployment'));

describe('protectAll of a REST API', () => {
  it('protectAll protects the methods of a LambdaRestApi, whose logical IDs stay the same', () => {
    const plain = synthesizeConstructs((stack) => {
      new LambdaRestApi(stack, 'Api', { handler: handlerIn(stack) });
    });
    const template = synthesizeConstructs((stack) => {
      const api = new LambdaRestApi(stack, 'Api', { handler: handlerIn(stack) });
      restProtection(stack, api).protectAll({ scopes: ['read'] });
    });

    expect(typesOf(template)).toEqual({ 'ANY /': 'CUSTOM', 'ANY /{proxy+}': 'CUSTOM' });
    expect(idsOf(template)).toEqual(expect.arrayContaining(idsOf(plain)));
    expect(Object.values(scopeRulesOf(template))).toEqual([[[[['read']], ['*']]]]);
  });

  it('protectAll protects the method of a StepFunctionsRestApi', () => {
    const template = synthesizeConstructs((stack) => {
      const stateMachine = new StateMachine(stack, 'Machine', {
        stateMachineType: StateMachineType.EXPRESS,
        definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')),
      });
      restProtection(stack, new StepFunctionsRestApi(stack, 'Api', { stateMachine })).protectAll();
    });

    expect(typesOf(template)).toEqual({ 'ANY /': 'CUSTOM' });
  });

  it('protectAll leaves exceptions public, and other authorizers and preflight methods as they are', () => {
    const template = synthesizeConstructs((stack) => {
      const api = new RestApi(stack, 'Api', {
        defaultCorsPreflightOptions: { allowOrigins: ['*'] },
        defaultIntegration: new HttpIntegration(URL),
      });
      const health = api.root.addResource('health');
      health.addResource('deep').addMethod('GET');
      const protection = restProtection(stack, api);
      protection.protectAll({ except: [health] });
      api.root.addProxy();
      api.root.addMethod('PUT', undefined, { authorizationType: AuthorizationType.IAM });
      const authorizer = protection.authorizer({ scopes: ['admin'] });
      api.root.addMethod('DELETE', new MockIntegration(), { authorizer });
    });

    expect(typesOf(template)).toEqual({
      'ANY /': 'CUSTOM',
      'ANY /{proxy+}': 'CUSTOM',
      'DELETE /': 'CUSTOM',
      'GET /health/deep': 'NONE',
      'OPTIONS /': 'NONE',
      'OPTIONS /health': 'NONE',
      'OPTIONS /health/deep': 'NONE',
      'OPTIONS /{proxy+}': 'NONE',
      'PUT /': 'AWS_IAM',
    });
    expect(methodsOf(template).get('ANY /{proxy+}')?.properties.Integration).toMatchObject({
      RequestParameters: TOKEN,
    });
    expect(methodsOf(template).get('GET /health/deep')?.properties.Integration).not.toHaveProperty(
      'RequestParameters',
    );
  });

  it('protectAll deploys again when an exception is added', () => {
    const template = (...except: string[]) =>
      protect(({ api, protection }) => {
        const resources = ['a', 'b'].map((path) => api.root.addResource(path));
        for (const resource of resources) resource.addMethod('GET', new MockIntegration());
        protection.protectAll({
          except: resources.filter(({ path }) => except.includes(path)),
        });
      });

    const plain = deploymentIn(template());
    const withB = deploymentIn(template('/b'));

    expect(deploymentIn(template())).toEqual(plain);
    expect(withB).not.toEqual(plain);
    expect(withB).not.toEqual(deploymentIn(template('/a')));
  });

  it('protectAll refuses an exception without an open method, and a second call', () => {
    const act = (declare: Parameters<typeof protect>[0]) => thrownBy(() => protect(declare));

    expect(
      act(({ api, protection }) => {
        api.root.addMethod('GET', new MockIntegration());
        protection.protectAll({ except: [api.root.addResource('empty')] });
      }),
    ).toEqual(
      new PropError(
        'except must contain constructs with a route of the API of Stack/Protection that has no authorizer, got: Stack/Orders/Default/empty',
      ),
    );
    expect(
      act(({ protection }) => {
        protection.protectAll();
        protection.protectAll({ scopes: ['other'] });
      }),
    ).toEqual(new PropError('protectAll() of Stack/Protection must be called once, got: 2'));
  });
});

describe('existing HTTP integrations of a REST API whose tokens may be bound to their senders', () => {
  const PROOF = { 'integration.request.header.DPoP': "'removed'" };

  it('existing HTTP integrations get no DPoP proof, unless they map it themselves or do not pass headers on', () => {
    const template = synthesizeConstructs((stack) => {
      const api = new RestApi(stack, 'Api', { defaultIntegration: new HttpIntegration(URL) });
      const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
        introspectionEndpoint: 'https://login.example.com/introspect',
        senderConstraint: SenderConstraint.ACCEPT,
      });
      const publicUrls = ['https://api.example.com'];
      const props = { api, authorizerFunction, publicUrls };
      const protection = new RestApiProtection(stack, 'Protection', props);
      const mapping = (requestParameters: Record<string, string>, proxy = true) =>
        new HttpIntegration(URL, { proxy, options: { requestParameters } });
      const own = { 'integration.request.header.dpop': "'own'" };
      api.root.addMethod('GET');
      api.root.addMethod('PUT', mapping(TOKEN));
      api.root.addMethod('PATCH', mapping(own));
      api.root.addMethod('POST', mapping({}, false));
      const health = api.root.addResource('health').addMethod('GET');
      protection.protectAll({ except: [health] });
    });

    const parameters = [...methodsOf(template)].map(([name, { properties }]) => [
      name,
      properties.Integration['RequestParameters'],
    ]);
    expect(Object.fromEntries(parameters)).toEqual({
      'GET /': { ...TOKEN, ...PROOF },
      'PUT /': { ...TOKEN, ...PROOF },
      'PATCH /': { ...TOKEN, 'integration.request.header.dpop': "'own'" },
      'POST /': TOKEN,
      'GET /health': undefined,
    });
  });
});

describe('protect of a REST API', () => {
  it('protect protects what a resource contains, with scopes, and leaves the rest to protectAll', () => {
    const template = protect(({ api, protection }) => {
      const admin = api.root.addResource('admin');
      admin.addMethod('GET', new HttpIntegration(URL));
      admin.addResource('users').addMethod('GET', new HttpIntegration(URL));
      api.root.addMethod('GET', new MockIntegration());
      protection.protect(admin, { scopes: ['admin'] });
      protection.protectAll();
    });

    expect(Object.values(scopeRulesOf(template))).toEqual([
      [
        [[['admin']], ['GET /admin', 'GET /admin/users']],
        [[[]], ['GET /']],
      ],
    ]);
  });

  it('protect protects L1 methods of L1 resources, and the deployment waits for them', () => {
    const template = protect(({ stack, api, protection }) => {
      const restApiId = (api.node.defaultChild as CfnRestApi).attrRestApiId;
      const parent = new CfnPath(stack, 'Items', {
        restApiId,
        parentId: api.restApiRootResourceId,
        pathPart: 'items',
      });
      const item = new CfnPath(stack, 'Item', {
        restApiId,
        parentId: parent.ref,
        pathPart: '{id}',
      });
      const method = new CfnMethod(stack, 'GetItem', {
        restApiId,
        resourceId: item.ref,
        httpMethod: 'GET',
        integration: { type: 'HTTP_PROXY', uri: URL, integrationHttpMethod: 'GET' },
      });
      protection.protect(method, { scopes: ['read'] });
      api.root.addMethod('GET', new MockIntegration(), { authorizer: protection.authorizer() });
    });

    expect(Object.values(scopeRulesOf(template))).toEqual([
      [
        [[[]], ['GET /']],
        [[['read']], ['GET /items/{id}']],
      ],
    ]);
    template.hasResource('AWS::ApiGateway::Deployment', {
      DependsOn: Match.arrayWith(['GetItem']),
    });
    expect(
      template.findResources('AWS::ApiGateway::Method')['GetItem']?.['Properties'],
    ).toMatchObject({ AuthorizationType: 'CUSTOM', Integration: { RequestParameters: TOKEN } });
  });

  it('protect refuses a construct without an open method of the API', () => {
    const error = thrownBy(() =>
      protect(({ stack, protection }) => {
        const other = new RestApi(stack, 'Other');
        other.root.addMethod('GET', new MockIntegration());
        protection.protect(other);
      }),
    );

    expect(error).toEqual(
      new PropError(
        'protect() must get a construct with a route of the API of Stack/Protection that has no authorizer, got: Stack/Other',
      ),
    );
  });

  it('protect reports a method that names its API by another token', () => {
    expect(
      findings(({ stack, api, protection }) => {
        const authorizer = protection.authorizer();
        api.root.addMethod('PUT', new MockIntegration(), { authorizer });
        new CfnMethod(stack, 'Open', {
          restApiId: Lazy.string({ produce: () => api.restApiId }),
          resourceId: api.root.resourceId,
          httpMethod: 'GET',
        });
      }),
    ).toEqual([expect.stringContaining('GET /: has no authorizer: pass it to protect()')]);
  });
});

describe('an authorizer ID of a protection', () => {
  it('an authorizer ID of a protection counts where a Lazy of defaultMethodOptions produces it', () => {
    const template = synthesizeConstructs((stack) => {
      const api: RestApi = new RestApi(stack, 'Api', {
        defaultMethodOptions: {
          authorizer: {
            authorizerId: Lazy.string({
              produce: () => protection.authorizer({ scopes: ['read'] }).authorizerId,
            }),
            authorizationType: AuthorizationType.CUSTOM,
          },
        },
      });
      const protection = restProtection(stack, api);
      api.root.addMethod('GET', new MockIntegration());
      const publicly = Lazy.string({ produce: () => protection.publicAccess().authorizerId });
      const open = api.root.addMethod('PUT', new MockIntegration());
      const resource = open.node.defaultChild as CfnMethod;
      Object.assign(resource, { authorizerId: publicly, authorizationType: 'NONE' });
    });

    expect(typesOf(template)).toEqual({ 'GET /': 'CUSTOM', 'PUT /': 'NONE' });
    expect(Object.values(scopeRulesOf(template))).toEqual([[[[['read']], ['*']]]]);
    expect(deploymentIn(template)).toHaveLength(1);
  });

  it('an authorizer ID of a protection counts where it is the Ref of the authorizer, and is a finding where that has several rules', () => {
    const withRef =
      (...scopes: string[]): Parameters<typeof protect>[0] =>
      ({ api, protection }) => {
        const resource = api.root.addResource('r');
        for (const [index, scope] of scopes.entries()) {
          resource.addMethod(['GET', 'PUT'][index] ?? '', new MockIntegration(), {
            authorizer: protection.authorizer({ scopes: [scope] }),
          });
        }
        const authorizer = protection.node.children.find((it) =>
          it.node.id.startsWith('RequestAuthorizer'),
        ) as CfnResource;
        api.root.addMethod('GET', new MockIntegration(), {
          authorizer: {
            authorizerId: authorizer.ref,
            authorizationType: AuthorizationType.CUSTOM,
          },
        });
      };

    expect(Object.values(scopeRulesOf(protect(withRef('a'))))).toEqual([[[[['a']], ['*']]]]);
    expect(findings(withRef('a', 'b'), { maxAuthorizers: 1 })).toEqual([
      '[Stack/Protection] GET /: has an authorizer of Stack/Protection by an ID that does not tell its scopes: ' +
        'use the authorizerId that its authorizer() returns',
    ]);
  });

  it('an authorizer ID of a protection is a finding where an escape hatch opens the method, or an aspect sets only the ID', () => {
    const lines = findings(({ api, protection }) => {
      const { authorizerId } = protection.authorizer();
      const method = (name: string) =>
        api.root.addMethod(name, new MockIntegration(), { authorizer: protection.authorizer() })
          .node.defaultChild as CfnMethod;
      method('GET').addPropertyOverride('AuthorizationType', 'NONE');
      method('PUT').addPropertyDeletionOverride('AuthorizationType');
      const removed = method('DELETE');
      removed.addPropertyDeletionOverride('AuthorizerId');
      removed.addPropertyOverride('AuthorizationType', 'NONE');
      const open = api.root.addMethod('POST', new MockIntegration()).node.defaultChild as CfnMethod;
      Aspects.of(open).add({ visit: () => Object.assign(open, { authorizerId }) });
    });

    expect(lines).toEqual([
      expect.stringMatching(/GET \/: must have the authorizationType CUSTOM .*, got: "NONE"$/),
      expect.stringMatching(/PUT \/: must have the authorizationType CUSTOM .*, got: undefined$/),
      expect.stringContaining('DELETE /: has no authorizer'),
      expect.stringMatching(/POST \/: must have the authorizationType CUSTOM .*, got: "NONE"$/),
    ]);
  });

  it('an authorizer ID of a protection is missing where an escape hatch gives the method a type that only the deployment knows', () => {
    const lines = findings(({ api }) => {
      const { node } = api.root.addMethod('GET', new MockIntegration());
      const type = { 'Fn::If': ['Closed', 'AWS_IAM', 'NONE'] };
      (node.defaultChild as CfnMethod).addPropertyOverride('AuthorizationType', type);
    });

    expect(lines).toEqual([
      expect.stringMatching(
        /GET \/: authorizationType must be known at synthesis, got: \{"Fn::If":\["Closed","AWS_IAM","NONE"\]\}$/,
      ),
    ]);
  });

  it('an authorizer ID of a protection changes the deployment where an aspect or an escape hatch sets it', () => {
    const template = (change: (method: CfnMethod, id: string) => void) =>
      protect(({ api, protection }) => {
        const { authorizerId } = protection.authorizer();
        const authorizer = protection.publicAccess();
        api.root.addMethod('GET', new MockIntegration(), { authorizer: protection.authorizer() });
        const method = api.root.addMethod('PUT', new MockIntegration(), { authorizer });
        change(method.node.defaultChild as CfnMethod, authorizerId);
      });
    const protectedBy = {
      aspect: template((method, authorizerId) =>
        Aspects.of(method).add({
          visit: () => Object.assign(method, { authorizerId, authorizationType: 'CUSTOM' }),
        }),
      ),
      override: template((method, authorizerId) => {
        method.addPropertyOverride('AuthorizerId', authorizerId);
        method.addPropertyOverride('AuthorizationType', 'CUSTOM');
      }),
    };
    const open = template(() => undefined);

    for (const it of Object.values(protectedBy)) {
      expect(typesOf(it)).toEqual({ 'GET /': 'CUSTOM', 'PUT /': 'CUSTOM' });
      expect(Object.values(scopeRulesOf(it))).toEqual([[[[[]], ['*']]]]);
      expect(deploymentIn(it)).not.toEqual(deploymentIn(open));
    }
  });
});

describe('existing routes of an HTTP API', () => {
  it('protectAll protects the route of defaultIntegration, whose logical ID stays the same', () => {
    const withApi = (declare: (stack: Stack, api: HttpApi) => void) =>
      synthesizeConstructs((stack) => {
        const integration = new HttpLambdaIntegration('Handler', handlerIn(stack));
        declare(stack, new HttpApi(stack, 'Api', { defaultIntegration: integration }));
      });
    const plain = withApi(() => undefined);
    const template = withApi((stack, api) => httpProtection(stack, api).protectAll());

    expect(routesOf(template).get('$default')).toMatchObject({ AuthorizationType: 'CUSTOM' });
    expect(idsOf(template)).toEqual(expect.arrayContaining(idsOf(plain)));
  });

  it('protect and protectAll map the phantom token to URL integrations, and L1 routes count', () => {
    const template = synthesizeConstructs((stack) => {
      const api = new HttpApi(stack, 'Api', {
        defaultIntegration: new HttpUrlIntegration('Upstream', URL),
      });
      const integration = new CfnIntegration(stack, 'Raw', {
        apiId: Lazy.string({ produce: () => api.apiId }),
        integrationType: 'HTTP_PROXY',
        integrationUri: URL,
        integrationMethod: 'GET',
        payloadFormatVersion: '1.0',
      });
      const route = new CfnRoute(stack, 'RawRoute', {
        apiId: Lazy.string({ produce: () => api.apiId }),
        routeKey: 'GET /raw',
        target: Lazy.string({ produce: () => `integrations/${integration.ref}` }),
      });
      const [health] = api.addRoutes({
        path: '/health',
        methods: [HttpMethod.GET],
        integration: new HttpUrlIntegration('Health', URL),
      });
      const protection = httpProtection(stack, api);
      protection.protect(route, { scopes: ['raw'] });
      protection.protectAll({ except: health ? [health] : [] });
    });
    const mappings = Object.values(template.findResources('AWS::ApiGatewayV2::Integration')).map(
      ({ Properties }) => Properties.RequestParameters,
    );

    expect(
      Object.fromEntries(
        [...routesOf(template)].map(([name, it]) => [name, it['AuthorizationType']]),
      ),
    ).toEqual({ $default: 'CUSTOM', 'GET /health': 'NONE', 'GET /raw': 'CUSTOM' });
    expect(mappings).toEqual([
      { 'overwrite:header.x-phantom-token': '$context.authorizer.jwt' },
      { 'remove:header.x-phantom-token': '' },
      { 'overwrite:header.x-phantom-token': '$context.authorizer.jwt' },
    ]);
  });

  it('fails synthesis where a public and a protected route share an integration', () => {
    const lines = linesOf(() =>
      synthesizeConstructs((stack) => {
        const api = new HttpApi(stack, 'Api');
        const integration = new HttpUrlIntegration('Both', URL);
        const [open] = api.addRoutes({ path: '/open', methods: [HttpMethod.GET], integration });
        api.addRoutes({ path: '/', methods: [HttpMethod.GET], integration });
        httpProtection(stack, api).protectAll({ except: open ? [open] : [] });
      }),
    );

    expect(lines).toEqual([expect.stringContaining('x-phantom-token')]);
  });
});

it('protectAll reaches methods of nested stacks', () => {
  let nested: NestedStack | undefined;
  const template = protect(({ stack, api, protection }) => {
    nested = new NestedStack(stack, 'Nested');
    const imported = RestApi.fromRestApiAttributes(nested, 'Imported', {
      restApiId: api.restApiId,
      rootResourceId: api.restApiRootResourceId,
    });
    imported.root.addMethod('PUT', new MockIntegration());
    api.root.addMethod('GET', new MockIntegration());
    protection.protectAll({ scopes: ['read'] });
  });

  expect(Object.values(scopeRulesOf(template))).toEqual([[[[['read']], ['*']]]]);
  expect(nested?.node.findAll().filter((it) => it instanceof CfnMethod)).toEqual([
    expect.objectContaining({ authorizationType: 'CUSTOM' }),
  ]);
});

it('a second synthesis returns the same template', () => {
  jest.spyOn(console, 'error').mockImplementation();
  const app = newApp();
  const stack = new Stack(app, 'Stack');
  const api = new RestApi(stack, 'Api', { defaultIntegration: new HttpIntegration(URL) });
  const health = api.root.addResource('health');
  health.addMethod('GET');
  api.root.addProxy();
  const authorizerFunction = newFunction(stack);
  const props = { api, authorizerFunction, allowOrigins: ['*'] };
  new RestApiProtection(stack, 'Protection', props).protectAll({ except: [health] });
  const synthesize = () => app.synth({ force: true }).getStackByName('Stack').template;
  const first = JSON.stringify(synthesize());

  expect(JSON.stringify(synthesize())).toBe(first);
  jest.restoreAllMocks();
});
