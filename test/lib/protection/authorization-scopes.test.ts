import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { type CfnMethod, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { HttpApiProtection, RestApiProtection } from '../../../lib';
import { linesOf, newFunction } from '../../support/protected-rest-api';
import { synthesizeConstructs } from '../../support/synthesize';

/** Synthesizes a protected HTTP API with a route of these scopes, and those by default. */
function httpApi(routeScopes?: string[], defaults?: string[], add = protectedRoute): Template {
  return synthesizeConstructs((stack) => {
    const api = new HttpApi(stack, 'Orders', { defaultAuthorizationScopes: defaults });
    const authorizerFunction = newFunction(stack);
    const protection = new HttpApiProtection(stack, 'Protection', { api, authorizerFunction });
    const parameterMapping = protection.parameterMapping();
    const integration = new HttpUrlIntegration('Upstream', 'https://orders.example.com', {
      parameterMapping,
    });
    add({ stack, api, protection, integration, routeScopes });
  });
}
interface Parts {
  readonly stack: Stack;
  readonly api: HttpApi;
  readonly protection: HttpApiProtection;
  readonly integration: HttpUrlIntegration;
  readonly routeScopes: string[] | undefined;
}
function protectedRoute({ api, protection, integration, routeScopes }: Parts): void {
  api.addRoutes({
    path: '/orders',
    methods: [HttpMethod.DELETE],
    integration,
    authorizer: protection.authorizer(),
    authorizationScopes: routeScopes,
  });
}

const finding = (name: string, scopes: string[]) =>
  `[Stack/Protection] ${name}: a Lambda authorizer does not enforce authorizationScopes: ` +
  `remove them, also as default of the API, and require ${JSON.stringify(scopes)} with the ` +
  'authorizer({ scopes }) of Stack/Protection';

it('synthesis fails for a protected HTTP route with authorizationScopes', () => {
  const expected = [finding('DELETE /orders', ['orders:write'])];

  expect(linesOf(() => httpApi(['orders:write']))).toEqual(expected);
  expect(linesOf(() => httpApi(undefined, ['orders:write']))).toEqual(expected);
});

it('synthesis passes for a protected HTTP route that empties the authorizationScopes of its API', () => {
  expect(() => httpApi([], ['orders:write'])).not.toThrow();
});

it('synthesis passes for an HTTP route with authorizationScopes and a JWT authorizer', () => {
  const withJwt = (parts: Parts) => {
    protectedRoute({ ...parts, routeScopes: undefined });
    new HttpRoute(parts.stack, 'Jwt', {
      httpApi: parts.api,
      routeKey: HttpRouteKey.with('/jwt', HttpMethod.GET),
      integration: new HttpUrlIntegration('Other', 'https://orders.example.com'),
      authorizer: new HttpJwtAuthorizer('Authorizer', 'https://login.example.com', {
        jwtAudience: ['orders'],
      }),
      authorizationScopes: ['orders:read'],
    });
  };

  expect(() => httpApi(undefined, undefined, withJwt)).not.toThrow();
});

it('synthesis fails for a protected CfnMethod with authorizationScopes', () => {
  const findings = linesOf(() =>
    synthesizeConstructs((stack) => {
      const api = new RestApi(stack, 'Orders');
      const authorizerFunction = newFunction(stack);
      const protection = new RestApiProtection(stack, 'Protection', { api, authorizerFunction });
      const authorizer = protection.authorizer();
      const method = api.root.addMethod('DELETE', new MockIntegration(), { authorizer });
      (method.node.defaultChild as CfnMethod).authorizationScopes = ['orders:write'];
    }),
  );

  expect(findings).toEqual([finding('DELETE /', ['orders:write'])]);
});
