import { App, Stack } from 'aws-cdk-lib';
import { DomainName, RestApi, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AuthorizerFunction, RestApiProtection, SenderConstraint } from '../lib';
import { exampleContext } from './example-context';

const stack = new Stack(new App(), 'SenderConstrained');
const { upstream, ...authorizationServer } = exampleContext(stack);

// Clients call the custom domain name only, since there are no client certificates at the default endpoint.
const api = new RestApi(stack, 'Orders', {
  binaryMediaTypes: ['*/*'],
  disableExecuteApiEndpoint: true,
});
const certificateArn = stack.formatArn({
  service: 'acm',
  resource: 'certificate',
  resourceName: '0a1b2c3d-1111-2222-3333-0a1b2c3d4e5f',
});
const domainName = new DomainName(stack, 'Domain', {
  domainName: 'api.example.com',
  certificate: Certificate.fromCertificateArn(stack, 'Certificate', certificateArn),
  securityPolicy: SecurityPolicy.TLS_1_2,
  // The authorities whose client certificates API Gateway accepts.
  mtls: {
    bucket: Bucket.fromBucketName(stack, 'TrustStore', 'example-trust-store'),
    key: 'ca.pem',
  },
});
domainName.addBasePathMapping(api, { basePath: 'v1' });

// REQUIRE would deny tokens that are bound to neither a key nor a certificate.
const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
  ...authorizationServer,
  senderConstraint: SenderConstraint.ACCEPT,
});
const protection = new RestApiProtection(stack, 'Protection', {
  api,
  authorizerFunction,
  scopes: ['read'],
  // The URLs that DPoP proofs are compared with, with the base path.
  publicUrls: ['https://api.example.com/v1'],
});

api.root
  .addResource('{proxy+}')
  .addMethod('ANY', protection.httpIntegration(`${upstream}/{proxy}`), {
    authorizer: protection.authorizer(),
  });
