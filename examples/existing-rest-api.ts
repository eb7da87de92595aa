import { App, Stack } from 'aws-cdk-lib';
import { HttpIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AuthorizerFunction, RestApiProtection } from '../lib';
import { exampleContext } from './example-context';

const stack = new Stack(new App(), 'ExistingRestApi');
const { upstream, ...authorizationServer } = exampleContext(stack);

// Your API.
const api = new RestApi(stack, 'Orders', { binaryMediaTypes: ['*/*'] });
const order = api.root.addResource('orders').addResource('{id}');
const health = api.root.addResource('health');

// Its protection.
const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', authorizationServer);
const protection = new RestApiProtection(stack, 'Protection', {
  api,
  authorizerFunction,
  scopes: ['read'],
});

order.addMethod('GET', protection.httpIntegration(`${upstream}/orders/{id}`), {
  authorizer: protection.authorizer(),
});
order.addMethod('DELETE', protection.httpIntegration(`${upstream}/orders/{id}`), {
  authorizer: protection.authorizer({ scopes: ['write'] }),
});
health.addMethod('GET', new HttpIntegration(`${upstream}/health`), {
  authorizer: protection.publicAccess(),
});
