import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import {
  CfnRestApi,
  type IRestApi,
  MockIntegration,
  Resource,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import {
  CfnApi,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  type IHttpApi,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { HttpApiProtection, RestApiProtection } from '../../../lib';
import type { RequiredScopes } from '../../../lib/scopes/route-scopes';
import { newFunction } from '../../support/protected-rest-api';
import { newStack, stackOf } from '../../support/synthesize';

/** The scopes of `GET /admin/{proxy+}`, and those of the wide route. */
type Scopes = readonly [narrow: RequiredScopes, wide: RequiredScopes | 'public'];

/** What synthesis warns of, with the construct that it is about. */
function warningsOf(stack: Stack): string[] {
  const printing = jest.spyOn(console, 'error').mockImplementation();
  try {
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('phantom-token-authorizer:'))
      .map(({ id, entry }) => `${id}: ${entry.data}`);
  } finally {
    printing.mockRestore();
  }
}

function protectedRestApi(
  [narrow, wide]: Scopes,
  make = (stack: Stack): IRestApi => new RestApi(stack, 'Api'),
): Stack {
  const stack = newStack();
  const api = make(stack);
  const authorizerFunction = newFunction(stack);
  const protection = new RestApiProtection(stack, 'Protection', { api, authorizerFunction });
  const add = (path: string, method: string, scopes: RequiredScopes | 'public') =>
    api.root.resourceForPath(path).addMethod(method, new MockIntegration(), {
      authorizer:
        scopes === 'public' ? protection.publicAccess() : protection.authorizer({ scopes }),
    });
  add('/admin/{proxy+}', 'GET', narrow);
  add('/{proxy+}', 'ANY', wide);
  return stack;
}

function protectedHttpApi(
  [narrow, wide]: Scopes,
  make = (stack: Stack): IHttpApi => new HttpApi(stack, 'Api'),
): Stack {
  const stack = newStack();
  const httpApi = make(stack);
  const authorizerFunction = newFunction(stack);
  const api = new HttpApiProtection(stack, 'Protection', { api: httpApi, authorizerFunction });
  const add = (path: string, method: HttpMethod, scopes: RequiredScopes | 'public') =>
    new HttpRoute(stack, `Route${path}`, {
      httpApi,
      routeKey: HttpRouteKey.with(path, method),
      integration: new HttpUrlIntegration(`To${path}`, 'https://orders.example.com', {
        parameterMapping:
          scopes === 'public' ? api.publicParameterMapping() : api.parameterMapping(),
      }),
      authorizer: scopes === 'public' ? api.publicAccess() : api.authorizer({ scopes }),
    });
  add('/admin/{proxy+}', HttpMethod.GET, narrow);
  add('/{proxy+}', HttpMethod.ANY, wide);
  return stack;
}

const weaker = (path: string) =>
  `${path}: ANY /{proxy+} also matches variants of GET /admin/{proxy+} (other case, encoding, ` +
  'slashes or method) and has a weaker requirement. An upstream that normalizes paths can ' +
  'be reached with the weaker rule. Give both the same scopes, or check scopes at the upstream. ' +
  '[ack: phantom-token-authorizer:weaker-route:GET /admin/{proxy+}]';

describe.each([
  ['a REST API', protectedRestApi],
  ['an HTTP API', protectedHttpApi],
])('synthesis of %s', (api, protect) => {
  it.each<Scopes>([
    [['admin'], ['read']],
    [['admin'], []],
    [['admin'], 'public'],
    [[], 'public'],
  ])(
    `synthesis of ${api} warns if a route requires %j, and the broader one around it %j`,
    (...scopes) => {
      expect(warningsOf(protect(scopes))).toEqual([weaker('/Stack/Protection')]);
    },
  );

  it.each<Scopes>([
    [['admin'], ['admin', 'read']],
    [[], []],
  ])(
    `synthesis of ${api} does not warn if a route requires %j, and the broader one around it %j`,
    (...scopes) => {
      expect(warningsOf(protect(scopes))).toEqual([]);
    },
  );
});

it.each(['REST', 'HTTP'])('the stack of a config file with a %s API warns once', (type) => {
  const routes = [
    { method: 'GET', path: '/admin/{proxy+}', scopes: ['admin'] },
    { method: 'ANY', path: '/{proxy+}', scopes: ['read'] },
  ];
  const stack = stackOf({ api: { type, routes }, token: { audience: 'orders' } });

  expect(warningsOf(stack)).toEqual([weaker('/PhantomToken/Api/Protection')]);
});

describe('an imported API', () => {
  const imported =
    '/Stack/Protection: Stack/Api is imported: its routes that are declared elsewhere are neither ' +
    'protected nor checked, and this app does not deploy the routes that are declared here to its ' +
    'stages. [ack: phantom-token-authorizer:imported-api]';

  it('an imported API has a warning of what is not checked and not deployed', () => {
    const rest = (stack: Stack) =>
      RestApi.fromRestApiAttributes(stack, 'Api', {
        restApiId: 'a1b2c3d4e5',
        rootResourceId: 'root',
      });
    const http = (stack: Stack) =>
      HttpApi.fromHttpApiAttributes(stack, 'Api', { httpApiId: 'a1b2c3d4e5' });

    expect(warningsOf(protectedRestApi([[], []], rest))).toEqual([imported]);
    expect(warningsOf(protectedHttpApi([[], []], http))).toEqual([imported]);
  });

  it('an imported API has no warning if it is an L1 construct of the app', () => {
    const rest = (stack: Stack) => {
      const { ref, attrRootResourceId } = new CfnRestApi(stack, 'L1', { name: 'orders' });
      const attributes = { restApiId: ref, rootResourceId: attrRootResourceId };
      return RestApi.fromRestApiAttributes(stack, 'Api', attributes);
    };
    const http = (stack: Stack) => {
      const { ref } = new CfnApi(stack, 'L1', { name: 'orders', protocolType: 'HTTP' });
      return HttpApi.fromHttpApiAttributes(stack, 'Api', { httpApiId: ref });
    };

    expect(warningsOf(protectedRestApi([[], []], rest))).toEqual([]);
    expect(warningsOf(protectedHttpApi([[], []], http))).toEqual([]);
  });

  it('an imported API has a warning if only its id is known', () => {
    const stack = newStack();
    const api = RestApi.fromRestApiId(stack, 'Api', 'a1b2c3d4e5');
    const protection = new RestApiProtection(stack, 'Protection', {
      api,
      authorizerFunction: newFunction(stack),
    });
    Resource.fromResourceAttributes(stack, 'Orders', {
      resourceId: 'orders',
      restApi: api,
      path: '/orders',
    }).addMethod('GET', new MockIntegration(), { authorizer: protection.authorizer() });

    expect(warningsOf(stack)).toEqual([imported]);
  });
});
