import { App, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AuthorizerFunction, HttpApiProtection } from '../lib';
import { exampleContext } from './example-context';

const stack = new Stack(new App(), 'ExistingHttpApi');
const { upstream, ...authorizationServer } = exampleContext(stack);

// Your API.
const api = new HttpApi(stack, 'Orders');

// Its protection. Upstreams find the phantom token in the header x-phantom-token.
const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', authorizationServer);
const protection = new HttpApiProtection(stack, 'Protection', {
  api,
  authorizerFunction,
  scopes: ['read'],
});

const order = new HttpUrlIntegration('Order', `${upstream}/orders/{id}`, {
  method: HttpMethod.ANY,
  parameterMapping: protection.parameterMapping(),
});
api.addRoutes({
  path: '/orders/{id}',
  methods: [HttpMethod.GET],
  integration: order,
  authorizer: protection.authorizer(),
});
api.addRoutes({
  path: '/orders/{id}',
  methods: [HttpMethod.DELETE],
  integration: order,
  authorizer: protection.authorizer({ scopes: ['write'] }),
});
api.addRoutes({
  path: '/health',
  methods: [HttpMethod.GET],
  integration: new HttpUrlIntegration('Health', `${upstream}/health`, {
    parameterMapping: protection.publicParameterMapping(),
  }),
  authorizer: protection.publicAccess(),
});
