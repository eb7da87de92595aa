import type { Stack } from 'aws-cdk-lib';
import { DomainName, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { MetadataVariable } from '../../../lambda/contract';
import {
  type ApiProtectionOptions,
  AuthorizerFunction,
  HttpApiProtection,
  RestApiProtection,
  SenderConstraint,
} from '../../../lib';
import { synthesizeConstructs } from '../../support/synthesize';

const CUSTOM = 'https://api.example.com';
const DEFAULT = 'https://abc123.execute-api.eu-central-1.amazonaws.com/prod';
const DPOP = { dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'Ed25519', 'PS256'] };
const CERTIFICATES = { tls_client_certificate_bound_access_tokens: true };
const DPOP_REQUIRED = { dpop_bound_access_tokens_required: true };
/** Members that do not concern bound tokens. */
const OTHERS = ['resource', 'authorization_servers', 'bearer_methods_supported'];

/** Domain name of the app that is mapped to the API: with mutual TLS, without it, or none. */
type Domain = 'mutual TLS' | 'TLS' | undefined;

function options(stack: Stack, mode: SenderConstraint, publicUrls: string[]): ApiProtectionOptions {
  const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
    introspectionEndpoint: 'https://login.example.com/introspect',
    senderConstraint: mode,
  });
  const [resource = ''] = publicUrls;
  const protectedResource = { resource, authorizationServers: ['https://login.example.com'] };
  return { authorizerFunction, publicUrls, protectedResource };
}

function domainOf(stack: Stack, domain: Domain): DomainName {
  const arn = 'arn:aws:acm:eu-central-1:123456789012:certificate/one';
  const bucket = Bucket.fromBucketName(stack, 'TrustStore', 'trust');
  return new DomainName(stack, 'Domain', {
    domainName: 'api.example.com',
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', arn),
    ...(domain === 'mutual TLS' && { mtls: { bucket, key: 'ca.pem' } }),
  });
}

/** Returns the members about bound tokens in the metadata of a REST API. */
function restMembers(mode: SenderConstraint, publicUrls: string[], domain?: Domain): object {
  const template = synthesizeConstructs((stack) => {
    const api = new RestApi(stack, 'Api', { disableExecuteApiEndpoint: domain !== undefined });
    const protection = new RestApiProtection(stack, 'Protection', {
      ...options(stack, mode, publicUrls),
      api,
    });
    api.root.addMethod('GET', new MockIntegration(), { authorizer: protection.authorizer() });
    // After the protection.
    if (domain) domainOf(stack, domain).addBasePathMapping(api);
  });
  const [document] = JSON.stringify(template.findResources('AWS::ApiGateway::Method')).match(
    /\{\\"resource\\".*?\}/,
  ) as RegExpMatchArray;
  return membersOf(document.replaceAll('\\"', '"'));
}

function membersOf(document: string): object {
  const entries = Object.entries(JSON.parse(document));
  return Object.fromEntries(entries.filter(([name]) => !OTHERS.includes(name)));
}

test.each<[string, SenderConstraint, string[], Domain, object]>([
  ['no bound tokens', SenderConstraint.REFUSE, [CUSTOM], 'mutual TLS', {}],
  [
    'bound tokens and mutual TLS',
    SenderConstraint.ACCEPT,
    [CUSTOM],
    'mutual TLS',
    { ...CERTIFICATES, ...DPOP },
  ],
  [
    'only bound tokens and mutual TLS',
    SenderConstraint.REQUIRE,
    [CUSTOM],
    'mutual TLS',
    { ...CERTIFICATES, ...DPOP },
  ],
  [
    'only bound tokens without mutual TLS',
    SenderConstraint.REQUIRE,
    [CUSTOM],
    'TLS',
    { ...DPOP, ...DPOP_REQUIRED },
  ],
  [
    'only bound tokens at the default endpoint',
    SenderConstraint.REQUIRE,
    [DEFAULT],
    undefined,
    { ...DPOP, ...DPOP_REQUIRED },
  ],
  [
    'only bound tokens at a domain that is declared elsewhere',
    SenderConstraint.REQUIRE,
    [CUSTOM],
    undefined,
    DPOP,
  ],
  ['bound tokens at the default endpoint', SenderConstraint.ACCEPT, [DEFAULT], undefined, DPOP],
])(
  'the metadata of a REST API that accepts %s states what clients can use',
  (_, mode, publicUrls, domain, members) => {
    expect(restMembers(mode, publicUrls, domain)).toEqual(members);
  },
);

test('the metadata of an HTTP API that accepts only bound tokens states that it requires DPoP', () => {
  const template = synthesizeConstructs((stack) => {
    const api = new HttpApi(stack, 'Api');
    new HttpApiProtection(stack, 'Protection', {
      ...options(stack, SenderConstraint.REQUIRE, [DEFAULT]),
      api,
    }).protectAll();
    api.addRoutes({
      path: '/a',
      methods: [HttpMethod.GET],
      integration: new HttpUrlIntegration('Upstream', 'https://orders.internal.example.com'),
    });
  });
  const documents = Object.values(template.findResources('AWS::Lambda::Function')).flatMap(
    ({ Properties }) => Properties.Environment?.Variables?.[MetadataVariable.documents] ?? [],
  );
  const [document] = Object.values(JSON.parse(documents[0]));

  expect(membersOf(JSON.stringify(document))).toEqual({ ...DPOP, ...DPOP_REQUIRED });
});
