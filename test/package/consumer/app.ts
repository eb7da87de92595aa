import { App, Stack } from 'aws-cdk-lib';
import { Deployment, MockIntegration, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AuthorizerFunction,
  type AuthorizerFunctionProps,
  HttpApiProtection,
  loadDeploymentConfig,
  PhantomTokenAlarms,
  PhantomTokenDashboard,
  PhantomTokenRestApi,
  RestApiProtection,
  TokenCacheTable,
} from 'phantom-token-authorizer';

/** CDK app of a user of the package. It does not import sources. */
const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'Consumer');

const props: AuthorizerFunctionProps = {
  introspectionEndpoint: 'https://login.example.com/introspect',
  credentials: new Secret(stack, 'Credentials'),
  tokenCache: new TokenCacheTable(stack, 'TokenCache'),
  audience: ['orders-api'],
};

const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', props);
new PhantomTokenRestApi(stack, 'Api', {
  authorizerFunction,
  upstream: 'https://orders.internal.example.com',
  realm: 'orders',
  scopes: ['read'],
  streaming: true,
});
new PhantomTokenAlarms(stack, 'Alarms', { authorizerFunction });
new PhantomTokenDashboard(stack, 'Dashboard', { authorizerFunction });

/** APIs whose routes exist before their protection. */
const rest = new RestApi(stack, 'Existing', { deploy: false });
rest.root.addMethod('GET', new MockIntegration());
rest.addGatewayResponse('ClientErrors', {
  type: ResponseType.DEFAULT_4XX,
  responseHeaders: { A: "'1'" },
});
new Deployment(stack, 'Deployment', { api: rest });
new RestApiProtection(stack, 'Rest', { api: rest, authorizerFunction }).protectAll();

const http = new HttpApi(stack, 'Http', {
  defaultIntegration: new HttpUrlIntegration('Upstream', 'https://orders.internal.example.com'),
});
new HttpApiProtection(stack, 'HttpProtection', { api: http, authorizerFunction }).protectAll();

app.synth();

/** Checks that types resolve. Unresolved ones would be `any`, without errors. */
export function types(file: string): void {
  const { api } = loadDeploymentConfig(file, { local: false });
  const upstream: string = api.upstream;
  // @ts-expect-error There is no such key.
  console.log(upstream, api.colour);
  // @ts-expect-error It takes a secret, not its name.
  console.log({ ...props, credentials: 'name' } satisfies AuthorizerFunctionProps);
}
