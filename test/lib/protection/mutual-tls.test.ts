import type { Stack } from 'aws-cdk-lib';
import { DomainName, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  ApiMapping,
  HttpApi,
  DomainName as HttpDomainName,
  HttpMethod,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  AuthorizerFunction,
  HttpApiProtection,
  RestApiProtection,
  SenderConstraint,
} from '../../../lib';
import { linesOf } from '../../support/protected-rest-api';
import { synthesizeConstructs } from '../../support/synthesize';

interface Options {
  readonly disableExecuteApiEndpoint?: boolean;
  readonly mutualTls?: boolean;
  readonly senderConstraint?: SenderConstraint;
}

const PUBLIC_URLS = ['https://api.example.com'];

function newFunction(stack: Stack, { senderConstraint = SenderConstraint.ACCEPT }: Options) {
  return new AuthorizerFunction(stack, 'Authorizer', {
    introspectionEndpoint: 'https://login.example.com/introspect',
    senderConstraint,
  });
}

function domainOptions(stack: Stack, { mutualTls = true }: Options) {
  const arn = 'arn:aws:acm:eu-central-1:123456789012:certificate/one';
  return {
    domainName: 'api.example.com',
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', arn),
    ...(mutualTls && {
      mtls: { bucket: Bucket.fromBucketName(stack, 'TrustStore', 'trust'), key: 'ca.pem' },
    }),
  };
}

function restApi(stack: Stack, options: Options): void {
  const { disableExecuteApiEndpoint } = options;
  const api = new RestApi(stack, 'Api', { disableExecuteApiEndpoint });
  new DomainName(stack, 'Domain', domainOptions(stack, options)).addBasePathMapping(api);
  const authorizerFunction = newFunction(stack, options);
  const protection = new RestApiProtection(stack, 'Protection', {
    api,
    authorizerFunction,
    publicUrls: PUBLIC_URLS,
  });
  api.root.addMethod('GET', new MockIntegration(), { authorizer: protection.authorizer() });
}

function httpApi(stack: Stack, options: Options): void {
  const { disableExecuteApiEndpoint } = options;
  const api = new HttpApi(stack, 'Api', { disableExecuteApiEndpoint });
  const domainName = new HttpDomainName(stack, 'Domain', domainOptions(stack, options));
  new ApiMapping(stack, 'Mapping', { api, domainName });
  const authorizerFunction = newFunction(stack, options);
  const protection = new HttpApiProtection(stack, 'Protection', {
    api,
    authorizerFunction,
    publicUrls: PUBLIC_URLS,
  });
  api.addRoutes({
    path: '/',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('Upstream', 'https://orders.internal.example.com', {
      parameterMapping: protection.parameterMapping(),
    }),
    authorizer: protection.authorizer(),
  });
}

describe.each([
  ['REST', restApi],
  ['HTTP', httpApi],
])('the default endpoint of a %s API with client certificates', (type, add) => {
  it(`the default endpoint of a ${type} API must be disabled if tokens can be bound to client certificates`, () => {
    expect(linesOf(() => synthesizeConstructs((stack) => add(stack, {})))).toEqual([
      expect.stringContaining(
        'Stack/Api: disableExecuteApiEndpoint must be true, since Stack/Domain',
      ),
    ]);
  });

  it.each<[string, Options]>([
    ['is disabled', { disableExecuteApiEndpoint: true }],
    ['belongs to an API without client certificates', { mutualTls: false }],
    ['belongs to an API that refuses bound tokens', { senderConstraint: SenderConstraint.REFUSE }],
  ])(`the default endpoint of a ${type} API is not a fault if it %s`, (_condition, options) => {
    expect(() => synthesizeConstructs((stack) => add(stack, options))).not.toThrow();
  });
});
