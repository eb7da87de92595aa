import { App, Aws, Stack } from 'aws-cdk-lib';
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
import { apiReferentOf } from '../../../lib/protection/declared-api';
import { clientCertificates } from '../../../lib/protection/mutual-tls';
import { linesOf } from '../../support/protected-rest-api';
import { synthesizeConstructs } from '../../support/synthesize';

interface Options {
  readonly disableExecuteApiEndpoint?: boolean;
  readonly mutualTls?: boolean;
  readonly senderConstraint?: SenderConstraint;
  /** True for a protection with metadata. */
  readonly metadata?: boolean;
}

const CUSTOM = 'https://api.example.com';
const PUBLIC_URLS = [CUSTOM];
const DEFAULT_ENDPOINT = 'https://abc123.execute-api.eu-central-1.amazonaws.com/prod';

function newFunction(stack: Stack, { senderConstraint = SenderConstraint.ACCEPT }: Options) {
  return new AuthorizerFunction(stack, 'Authorizer', {
    introspectionEndpoint: 'https://login.example.com/introspect',
    senderConstraint,
  });
}

function metadataOptions({ metadata }: Options) {
  const protectedResource = {
    resource: CUSTOM,
    authorizationServers: ['https://login.example.com'],
  };
  return metadata ? { protectedResource } : {};
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
    ...metadataOptions(options),
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
    ...metadataOptions(options),
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

  it.each<[string, string, Options]>([
    ['tls_client_certificate_bound_access_tokens', 'are accepted', {}],
    [
      'dpop_bound_access_tokens_required',
      'and no certificates are required',
      { mutualTls: false, senderConstraint: SenderConstraint.REQUIRE },
    ],
  ])(`the metadata of a ${type} API has %s if bound tokens %s`, (member, _condition, options) => {
    const template = synthesizeConstructs((stack) =>
      add(stack, { disableExecuteApiEndpoint: true, metadata: true, ...options }),
    );

    expect(JSON.stringify(template.toJSON())).toMatch(new RegExp(`${member}\\\\+":true`));
  });
});

/** Domain name of the app that is mapped to the API: with mutual TLS or without it. */
type Domain = { readonly mutualTls: boolean };

test.each<[string, string, string, Domain | undefined]>([
  ['possible', 'a domain of the app with mutual TLS', CUSTOM, { mutualTls: true }],
  ['impossible', 'a domain of the app without mutual TLS', CUSTOM, { mutualTls: false }],
  ['impossible', 'the default endpoint', DEFAULT_ENDPOINT, undefined],
  ['unknown', 'a domain that is declared elsewhere', CUSTOM, undefined],
  ['unknown', 'a URL that is known only at deployment', Aws.URL_SUFFIX, undefined],
])('client certificates are %s at %s', (expected, _title, publicUrl, domain) => {
  const stack = new Stack(new App(), 'Stack');
  const api = new RestApi(stack, 'Api');
  if (domain) {
    new DomainName(stack, 'Domain', domainOptions(stack, domain)).addBasePathMapping(api);
  }

  const referent = apiReferentOf(api, api.restApiId);
  expect(clientCertificates(stack, referent, [publicUrl])).toBe(expected);
});
