import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { LambdaRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { AuthorizerFunction, RestApiProtection } from '../lib';
import { exampleContext } from './example-context';

const stack = new Stack(new App(), 'ExistingLambdaRestApi');
const { introspectionEndpoint, issuer, audience } = exampleContext(stack);

// Your API, whose constructor declares ANY / and ANY /{proxy+}.
const handler = new NodejsFunction(stack, 'Handler', {
  entry: join(__dirname, 'lambda-upstream', 'handler.ts'),
  runtime: Runtime.NODEJS_24_X,
});
const api = new LambdaRestApi(stack, 'Orders', { handler });

// Its protection. The logical IDs of the API stay the same.
const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
  introspectionEndpoint,
  issuer,
  audience,
});
const protection = new RestApiProtection(stack, 'Protection', { api, authorizerFunction });
protection.protectAll({ scopes: ['read'] });
