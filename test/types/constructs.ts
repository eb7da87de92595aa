/**
 * Types of the construct library, checked by the compiler and never run. Each `@ts-expect-error` names
 * what must not compile; the compiler reports one whose line compiles.
 */
import { Duration, type Stack } from 'aws-cdk-lib';
import type { IAuthorizer, Integration, IRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { HttpMethod, IHttpApi, IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AssertionAlgorithm,
  type AuthorizerFunction,
  type AuthorizerFunctionProps,
  CacheControl,
  ClientAuthentication,
  type CredentialsSecret,
  type DeploymentConfig,
  HttpApiProtection,
  type HttpApiProtectionProps,
  IntrospectionResponse,
  type PhantomTokenAlarmsProps,
  type PhantomTokenDashboardProps,
  type PhantomTokenHttpApiProps,
  type PhantomTokenRestApiProps,
  PhantomTokenStack,
  RestApiProtection,
  type RestApiProtectionProps,
  type Route,
  type TokenCacheTable,
} from 'phantom-token-authorizer';

declare const stack: Stack;
declare const restApi: IRestApi;
declare const httpApi: IHttpApi;
declare const secret: Secret;
declare const method: HttpMethod;
declare const authorizerFunction: AuthorizerFunction;

const endpoint = { introspectionEndpoint: 'https://login.example.com/introspect' };

/** What compiles and what does not, of the authorizer function's props. */
export const functionProps: AuthorizerFunctionProps[] = [
  endpoint,
  { ...endpoint, credentials: secret, audience: ['orders-api'], cacheMaxTtl: Duration.minutes(1) },
  {
    ...endpoint,
    cacheControl: CacheControl.IGNORE,
    introspectionResponse: IntrospectionResponse.jwt(),
  },
  { ...endpoint, clientAuthentication: ClientAuthentication.tlsClientAuth() },
  // @ts-expect-error the introspection endpoint is required
  {},
  // @ts-expect-error a duration is not a number of seconds
  { ...endpoint, introspectionTimeout: 3 },
  // @ts-expect-error a duration is not a string
  { ...endpoint, cacheMaxTtl: '5m' },
  // @ts-expect-error credentials are a secret, never their value
  { ...endpoint, credentials: '{"client_id":"gateway"}' },
  // @ts-expect-error the audience is a list
  { ...endpoint, audience: 'orders-api' },
  // @ts-expect-error a response mode is a factory's result
  { ...endpoint, introspectionResponse: 'jwt' },
  // @ts-expect-error client authentication is a factory's result
  { ...endpoint, clientAuthentication: 'client_secret_basic' },
  // @ts-expect-error not a value of the enum
  { ...endpoint, cacheControl: 'ignored' },
  // @ts-expect-error a claim that identifies no caller
  { ...endpoint, usageIdentifierClaim: 'email' },
  // @ts-expect-error not a prop
  { ...endpoint, clientSecret: 'secret' },
];

ClientAuthentication.privateKeyJwt('https://login.example.com', AssertionAlgorithm.ES256);
// @ts-expect-error the audience of the assertion is required
ClientAuthentication.privateKeyJwt();
// @ts-expect-error symmetric algorithms do not sign assertions
ClientAuthentication.privateKeyJwt('https://login.example.com', 'HS256');
// @ts-expect-error factories make it, not the constructor
new ClientAuthentication({ method: 'none' });
// @ts-expect-error the member's name is required
IntrospectionResponse.member();
// @ts-expect-error factories make it, not the constructor
new IntrospectionResponse(undefined, 'text/html');

const protectedRestApi: RestApiProtectionProps = { api: restApi, authorizerFunction };
const rest = new RestApiProtection(stack, 'Rest', { ...protectedRestApi, scopes: ['read'] });
const protectedHttpApi: HttpApiProtectionProps = { api: httpApi, authorizerFunction };
const http = new HttpApiProtection(stack, 'Http', protectedHttpApi);

/** What compiles and what does not, of the protections' props. */
export const protectionProps: (RestApiProtectionProps | HttpApiProtectionProps)[] = [
  { ...protectedRestApi, resultsCacheTtl: Duration.seconds(0) },
  // @ts-expect-error a protection has an authorizer function
  { api: restApi },
  // @ts-expect-error a protection has an API
  { authorizerFunction },
  // @ts-expect-error a duration is not a number of seconds
  { ...protectedRestApi, resultsCacheTtl: 60 },
  // @ts-expect-error scopes of the whole API are a flat list
  { ...protectedRestApi, scopes: [['read'], ['write']] },
];

// @ts-expect-error a REST API's protection does not take an HTTP API
new RestApiProtection(stack, 'RestOfHttp', { api: httpApi, authorizerFunction });
// @ts-expect-error an HTTP API's protection does not take a REST API
new HttpApiProtection(stack, 'HttpOfRest', { api: restApi, authorizerFunction });

/** The types with which a route is declared are CDK's own. */
export const ofRest: IAuthorizer[] = [rest.authorizer({ scopes: ['a'] }), rest.publicAccess()];
export const integration: Integration = rest.httpIntegration('https://orders.example.com');
export const ofHttp: IHttpRouteAuthorizer[] = [http.authorizer(), http.publicAccess()];
rest.authorizer({ scopes: [['a', 'b'], ['c']] });
// @ts-expect-error scopes are a list
rest.authorizer({ scopes: 'a b' });
// @ts-expect-error a list or a list of lists, not a mixture
rest.authorizer({ scopes: ['a', ['b']] });
// @ts-expect-error an authorizer of an HTTP API does not fit a REST API
export const mixed: IAuthorizer = http.authorizer();

/** What compiles and what does not, of a route. */
export const routes: Route[] = [
  { method, path: '/orders' },
  { method: 'ANY', path: '/{proxy+}', public: true },
  // @ts-expect-error a route has a path
  { method: 'GET' },
  // @ts-expect-error a route has a method
  { path: '/orders' },
  // @ts-expect-error public is a boolean
  { method: 'GET', path: '/orders', public: 'yes' },
];

/** What compiles and what does not, of the APIs' props. */
export const restApiProps: PhantomTokenRestApiProps[] = [
  { authorizerFunction, upstream: 'https://orders.example.com', routes },
  // @ts-expect-error an API has an upstream
  { authorizerFunction },
];
export const httpApiProps: PhantomTokenHttpApiProps[] = [
  { authorizerFunction, upstream: 'https://orders.example.com', routes },
  // @ts-expect-error an API has an authorizer function
  { upstream: 'https://orders.example.com' },
];

/** What compiles and what does not, of operations. */
export const alarmsProps: PhantomTokenAlarmsProps[] = [
  { authorizerFunction, introspectionLatency: Duration.seconds(1) },
  // @ts-expect-error alarms watch a function
  {},
  // @ts-expect-error a duration is not a number
  { authorizerFunction, introspectionLatency: 1000 },
];
export const dashboardProps: PhantomTokenDashboardProps[] = [
  { authorizerFunction },
  // @ts-expect-error a dashboard shows a function
  {},
];
export const metric: Metric = authorizerFunction.metricDecisions();
// @ts-expect-error not an outcome
authorizerFunction.metricDecisions({ outcome: 'maybe' });

/** The secret and the table are usable wherever CDK takes one. */
export const asSecret = (credentials: CredentialsSecret): ISecret => credentials;
export const asTable = (table: TokenCacheTable): ITable => table;

/** What compiles and what does not, of a deployment config. */
export const validated = (config: DeploymentConfig) =>
  new PhantomTokenStack(stack, 'PhantomToken', { config });
// @ts-expect-error a stack has a config
new PhantomTokenStack(stack, 'PhantomTokenWithout', {});
