import { App, Stack } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AuthorizerFunction, RestApiProtection } from '../lib';
import { exampleContext } from './example-context';

const stack = new Stack(new App(), 'UpstreamMutualTls');
const { upstream, ...authorizationServer } = exampleContext(stack);

// A certificate in ACM, imported or of a private CA. Your upstream requires a client certificate of that CA, so
// the handshake of a client that bypasses the gateway fails.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-acm-client-certificates.html
const clientCertificateId = stack.formatArn({
  service: 'acm',
  resource: 'certificate',
  resourceName: '0a1b2c3d-1111-2222-3333-0a1b2c3d4e5f',
});

const api = new RestApi(stack, 'Orders', {
  binaryMediaTypes: ['*/*'],
  deployOptions: { clientCertificateId },
});
const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', authorizationServer);
const protection = new RestApiProtection(stack, 'Protection', {
  api,
  authorizerFunction,
  scopes: ['read'],
});

api.root
  .addResource('{proxy+}')
  .addMethod('ANY', protection.httpIntegration(`${upstream}/{proxy}`), {
    authorizer: protection.authorizer(),
  });
