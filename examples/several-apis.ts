import { App, Stack } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AuthorizerFunction, HttpApiProtection, RestApiProtection } from '../lib';
import { exampleContext } from './example-context';

const stack = new Stack(new App(), 'SeveralApis');
const { upstream, audience, ...authorizationServer } = exampleContext(stack);
const reportsAudience = stack.node.tryGetContext('reportsAudience');

// One function, one token cache and one secret for all of them.
const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', authorizationServer);

const orders = new RestApi(stack, 'Orders', { binaryMediaTypes: ['*/*'] });
const ordersProtection = new RestApiProtection(stack, 'OrdersProtection', {
  api: orders,
  authorizerFunction,
  // The names of each API at the authorization server: a token for one is not accepted at the other.
  audience,
  scopes: ['read'],
});
orders.root
  .addResource('{proxy+}')
  .addMethod('ANY', ordersProtection.httpIntegration(`${upstream}/{proxy}`), {
    authorizer: ordersProtection.authorizer(),
  });

const reports = new HttpApi(stack, 'Reports');
const reportsProtection = new HttpApiProtection(stack, 'ReportsProtection', {
  api: reports,
  authorizerFunction,
  audience: reportsAudience === undefined ? audience : [String(reportsAudience)],
  scopes: ['reports'],
});
reports.addRoutes({
  path: '/{proxy+}',
  methods: [HttpMethod.ANY],
  integration: new HttpUrlIntegration('Upstream', `${upstream}/{proxy}`, {
    method: HttpMethod.ANY,
    parameterMapping: reportsProtection.parameterMapping(),
  }),
  authorizer: reportsProtection.authorizer(),
});
