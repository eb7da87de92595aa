import { App, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  AuthorizerFunction,
  type AuthorizerFunctionProps,
  loadDeploymentConfig,
  PhantomTokenRestApi,
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

new PhantomTokenRestApi(stack, 'Api', {
  authorizerFunction: new AuthorizerFunction(stack, 'Authorizer', props),
  upstream: 'https://orders.internal.example.com',
  realm: 'orders',
  scopes: ['read'],
});
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
