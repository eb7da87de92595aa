import { Aws, type Stack } from 'aws-cdk-lib';
import {
  type CfnDomainName,
  DomainName,
  MockIntegration,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
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
import { newStack, synthesizeConstructs } from '../../support/synthesize';

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

type Arrange = (stack: Stack, api: RestApi) => void;

/** Maps `api.example.com` to the API: with mutual TLS or without it. */
const mapped =
  (mutualTls: boolean): Arrange =>
  (stack, api) =>
    new DomainName(stack, 'Domain', domainOptions(stack, { mutualTls })).addBasePathMapping(api);
const overridden: Arrange = (stack, api) => {
  const domain = new DomainName(stack, 'Domain', domainOptions(stack, { mutualTls: false }));
  const resource = domain.node.defaultChild as CfnDomainName;
  const uri = 's3://trust/ca.pem';
  resource.addPropertyOverride('MutualTlsAuthentication', { TruststoreUri: uri });
  domain.addBasePathMapping(api);
};
const none: Arrange = () => undefined;

test.each<[string, string, string, Arrange]>([
  ['possible', 'a domain of the app with mutual TLS', CUSTOM, mapped(true)],
  ['possible', 'a domain of the app with mutual TLS by an override', CUSTOM, overridden],
  ['impossible', 'a domain of the app without mutual TLS', CUSTOM, mapped(false)],
  ['impossible', 'the default endpoint', DEFAULT_ENDPOINT, none],
  ['impossible', 'the default endpoint of an API with mutual TLS', DEFAULT_ENDPOINT, mapped(true)],
  ['unknown', 'a domain that is declared elsewhere', CUSTOM, none],
  ['unknown', 'another domain than that of the app', 'https://other.example.com', mapped(true)],
  ['unknown', 'a URL that is known only at deployment', Aws.URL_SUFFIX, mapped(true)],
])('client certificates are %s at %s', (expected, _title, url, arrange) => {
  const stack = newStack();
  const api = new RestApi(stack, 'Api');
  arrange(stack, api);

  expect(clientCertificates(stack, apiReferentOf(api, api.restApiId), url)).toBe(expected);
});
