import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { AuthorizerFunction, RestApiProtection } from '../lib';
import { exampleContext } from './example-context';

const stack = new Stack(new App(), 'LambdaUpstream');
const { introspectionEndpoint, issuer, audience } = exampleContext(stack);

const handler = new NodejsFunction(stack, 'Handler', {
  entry: join(__dirname, 'lambda-upstream', 'handler.ts'),
  runtime: Runtime.NODEJS_24_X,
});

const api = new RestApi(stack, 'Orders');
const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
  introspectionEndpoint,
  issuer,
  audience,
});
const protection = new RestApiProtection(stack, 'Protection', {
  api,
  authorizerFunction,
  scopes: ['read'],
});

api.root
  .addResource('orders')
  .addResource('{id}')
  .addMethod('GET', new LambdaIntegration(handler), { authorizer: protection.authorizer() });
