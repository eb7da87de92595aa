import { checkDiscovery } from '../../doctor/checks/discovery';
import { initialConfig } from '../../doctor/init/initial-config';
import { verdict } from '../../doctor/init/verdict';
import { type Metadata, metadataUrls, readMetadata } from '../../doctor/metadata';
import { deploymentConfigSchema } from '../../lib/stack/config/schema';
import { type ConfigParts, configFile } from '../support/synthesize';

const ISSUER = 'https://login.example.com/realms/shop';
const ENDPOINT = `${ISSUER}/protocol/openid-connect/token/introspect`;
const URL_OF_DOCUMENT = new URL(`${ISSUER}/.well-known/openid-configuration`);

/** Returns the metadata of a document. */
function metadata(document: object, url = URL_OF_DOCUMENT): Metadata | undefined {
  const body = Buffer.from(JSON.stringify({ issuer: ISSUER, ...document }));
  return readMetadata(url, { status: 200, headers: {}, body });
}
const withEndpoint = (document: object = {}, endpoint = ENDPOINT) => ({
  ...(metadata(document) as Metadata),
  introspectionEndpoint: endpoint,
});
/** Returns the findings for a config and a document. */
function discovery(parts: ConfigParts, document: Metadata | undefined, answered = true) {
  const config = deploymentConfigSchema({ local: false }).parse(configFile(parts));
  const response = { status: 404, headers: {}, body: Buffer.alloc(0) };
  const replies = answered ? [{ response, sentAt: 0, receivedAt: 0 }] : [];
  return checkDiscovery(config, { document, replies, urls: [URL_OF_DOCUMENT] });
}

test('metadata is looked for at the issuer first, in both forms', () => {
  expect(metadataUrls(ISSUER, undefined).map(({ href }) => href)).toEqual([
    URL_OF_DOCUMENT.href,
    'https://login.example.com/.well-known/oauth-authorization-server/realms/shop',
  ]);
});

test('metadata is looked for above the endpoint if the issuer is not a URL of it', () => {
  const urls = metadataUrls('http://wso2.org/gateway', ENDPOINT).map(({ href }) => href);

  expect(urls).toContain(URL_OF_DOCUMENT.href);
  expect(urls).toContain('https://login.example.com/.well-known/openid-configuration');
  expect(urls.every((url) => url.startsWith('https://login.example.com/'))).toBe(true);
});

test('the number of places where metadata is looked for is bounded', () => {
  const endpoint = `https://login.example.com${'/a'.repeat(100)}/introspect`;

  expect(metadataUrls(ISSUER, endpoint).length).toBeLessThanOrEqual(18);
});

test.each([
  [404, '{"issuer":"x"}'],
  [200, '<html>'],
  [200, '[]'],
  [200, '{"issuer":1}'],
])('a response with status %i and the body %s is not metadata', (status, text) => {
  const response = { status, headers: {}, body: Buffer.from(text) };

  expect(readMetadata(URL_OF_DOCUMENT, response)).toBeUndefined();
});

test('every difference between config and metadata is a finding', () => {
  const document = metadata({
    introspection_endpoint: ENDPOINT,
    jwks_uri: `${ISSUER}/certs`,
    introspection_endpoint_auth_methods_supported: ['private_key_jwt'],
  });
  const parts = {
    introspection: { endpoint: `${ENDPOINT}/` },
    token: { issuer: ISSUER.replace('shop', 'Shop'), jwksUri: `${ISSUER}/keys` },
  };

  expect(discovery(parts, document)).toEqual([
    { status: 'ok', message: `document at ${URL_OF_DOCUMENT.href}` },
    expect.objectContaining({
      status: 'fault',
      message: expect.stringContaining('(upper and lower case)'),
      advice: expect.stringContaining(`token.issuer to "${ISSUER}"`),
    }),
    expect.objectContaining({ status: 'warn', advice: expect.stringContaining(ENDPOINT) }),
    expect.objectContaining({ status: 'warn', advice: expect.stringContaining('token.jwksUri') }),
    expect.objectContaining({
      status: 'warn',
      advice: 'Set introspection.clientAuthentication to one of "private_key_jwt".',
    }),
  ]);
});

test('an endpoint of a client with mutual TLS is compared with the alias in the metadata', () => {
  const alias = 'https://mtls.example.com/introspect';
  const document = metadata({
    introspection_endpoint: ENDPOINT,
    mtls_endpoint_aliases: { introspection_endpoint: alias },
  });
  const introspection = { clientAuthentication: 'tls_client_auth' };
  const token = { issuer: ISSUER };

  expect(
    discovery({ introspection: { ...introspection, endpoint: ENDPOINT }, token }, document)[1],
  ).toMatchObject({ status: 'warn', advice: expect.stringContaining(alias) });
  expect(
    discovery({ introspection: { ...introspection, endpoint: alias }, token }, document),
  ).toHaveLength(1);
});

test('an issuer that is not a URL of the server, as in the JWTs of WSO2, is not a fault', () => {
  const document = metadata({ introspection_endpoint: 'https://login.example.com/introspect' });
  const [, issuer] = discovery({ token: { issuer: 'http://wso2.org/gateway' } }, document);

  expect(issuer).toMatchObject({ status: 'info' });
});

test.each([
  ['a warning where the server responds', true, 'warn'],
  ['a note where no server responds', false, 'info'],
])('missing metadata is %s', (_title, answered, status) => {
  expect(discovery({ token: { issuer: ISSUER } }, undefined, answered)).toEqual([
    expect.objectContaining({ status, message: expect.stringContaining(URL_OF_DOCUMENT.href) }),
  ]);
});

test('init writes the recipe of a server that it recognizes', () => {
  const choices = { upstream: 'https://orders.example.com', schema: './config.schema.json' };
  const document = withEndpoint({
    jwks_uri: `${ISSUER}/certs`,
    introspection_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_post'],
  });
  const config = initialConfig({ ...choices, metadata: document, audience: 'api-gateway' });

  expect(config).toEqual({
    $schema: './config.schema.json',
    introspection: {
      endpoint: ENDPOINT,
      response: { member: 'jwt' },
      accept: 'application/jwt',
      clientAuthentication: 'client_secret_post',
    },
    token: { issuer: ISSUER, audience: 'api-gateway', jwksUri: `${ISSUER}/certs` },
    cache: { cacheControl: 'ignore' },
    api: { upstream: 'https://orders.example.com' },
  });
  expect(deploymentConfigSchema({ local: false }).safeParse(config).success).toBe(true);
});

test('init writes no path of a JSON Schema if none is given', () => {
  const config = initialConfig({
    metadata: withEndpoint({}),
    upstream: 'https://orders.example.com',
    audience: undefined,
    schema: undefined,
  });

  expect(config).not.toHaveProperty('$schema');
});

test.each([
  ['Keycloak', ENDPOINT, /looks like Keycloak, which works.*Support JWT claim/],
  ['Curity', 'https://login.example.com/oauth/v2/oauth-introspect', /looks like Curity/],
  ['WSO2', 'https://is.example.com/oauth2/introspect', /looks like WSO2/],
  ['another server', 'https://login.example.com/introspect', /do not say whether/],
])('init reports whether and how %s works', (_title, endpoint, expected) => {
  expect(verdict(withEndpoint({}, endpoint)).join(' ')).toMatch(expected);
});

test('init reports that a server without introspection does not work', () => {
  expect(verdict(metadata({}) as Metadata).join(' ')).toMatch(/does not work.*no introspection/);
});

test('init reports that signed responses are not tokens to forward', () => {
  const document = withEndpoint(
    { introspection_signing_alg_values_supported: ['RS256'] },
    'https://login.example.com/introspect',
  );

  expect(verdict(document).join(' ')).toMatch(/RFC 9701.*not tokens to forward/);
});
