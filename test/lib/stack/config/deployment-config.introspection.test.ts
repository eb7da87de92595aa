import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDeploymentConfig } from '../../../../lib/stack/config/deployment-config';
import { createCertificateAuthority } from '../../../support/certificates';
import { configFaults, loadedConfig } from '../../../support/config-faults';
import { thrownBy } from '../../../support/faults';
import { configFile } from '../../../support/synthesize';

const introspectionOf = (introspection: Record<string, unknown>) =>
  loadedConfig({ introspection }).introspection;

describe('the introspection of a deployment config', () => {
  it.each([
    [{ response: 'jwt' }],
    [{ response: { member: 'phantom_token' } }],
    [{ response: { member: 'jwt' }, accept: 'application/jwt' }],
    [{ response: { member: 'token_string' }, parameters: { required_claims: '' } }],
    [{ parameters: { token_type_hint: 'access_token' } }],
    [{ clientAuthentication: 'private_key_jwt' }],
    [{ clientAuthentication: { method: 'client_secret_basic', encoding: 'raw' } }],
    [{ clientAuthentication: { method: 'client_secret_post' } }],
    [{ clientAuthentication: { method: 'private_key_jwt', audience: 'a', algorithm: 'EdDSA' } }],
    [{ clientAuthentication: { method: 'tls_client_auth' } }],
  ])('the introspection of a config can be %j', (introspection) => {
    expect(introspectionOf(introspection)).toMatchObject(introspection);
  });

  it('client credentials are form-encoded by default', () => {
    expect(
      introspectionOf({ clientAuthentication: { method: 'client_secret_basic' } }),
    ).toMatchObject({ clientAuthentication: { method: 'client_secret_basic', encoding: 'form' } });
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { response: 'plain' },
      'introspection.response: must be one of "jwt", "json", "signed" or an object with "member", got: "plain"',
    ],
    [{ response: {} }, 'introspection.response.member: is required'],
    [
      { response: { member: '' } },
      'introspection.response.member: must be a non-empty string, got: ""',
    ],
    [{ response: { member: 'jwt', x: 1 } }, 'introspection.response.x: is not a known key'],
    [{ accept: '*/*' }, 'introspection.accept: must be one media type'],
    [{ accept: 'application/jwt, application/json' }, 'introspection.accept: must be one media'],
    [{ accept: '' }, 'introspection.accept: must be one media type'],
    [{ parameters: { a: 1 } }, 'introspection.parameters.a: must be a string'],
    [{ parameters: [] }, 'introspection.parameters: must be an object'],
    ...['token', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'].map(
      (name): [Record<string, unknown>, string] => [
        { parameters: { [name]: 'x' } },
        `introspection.parameters.${name}: must not be set: the authorizer sets it itself`,
      ],
    ),
    [
      { clientAuthentication: 'digest' },
      'introspection.clientAuthentication: must be one of "client_secret_basic", ',
    ],
    [{ clientAuthentication: {} }, 'introspection.clientAuthentication.method: is required'],
    [
      { clientAuthentication: { method: 'client_secret_basic', encoding: 'url' } },
      'introspection.clientAuthentication.encoding: must be one of "form", "raw", got: "url"',
    ],
    [
      { clientAuthentication: { method: 'client_secret_post', encoding: 'raw' } },
      'introspection.clientAuthentication.encoding: is not a known key',
    ],
    [
      { clientAuthentication: { method: 'private_key_jwt', algorithm: 'HS256' } },
      'introspection.clientAuthentication.algorithm: must be one of "PS256", "ES256", "RS256", "EdDSA", got: "HS256"',
    ],
    [
      { clientAuthentication: { method: 'private_key_jwt', audience: '' } },
      'introspection.clientAuthentication.audience: must be a non-empty string, got: ""',
    ],
    [
      { clientAuthentication: { method: 'tls_client_auth', verify: false } },
      'introspection.clientAuthentication.verify: is not a known key',
    ],
    [{ caBundle: '' }, 'introspection.caBundle: must be a non-empty string, got: ""'],
    [{ caBundle: true }, 'introspection.caBundle: must be a non-empty string, got: true'],
    [{ rejectUnauthorized: false }, 'introspection.rejectUnauthorized: is not a known key'],
  ])('the introspection of a config cannot be %j', (introspection, fault) => {
    expect(configFaults({ introspection })).toEqual([expect.stringContaining(fault)]);
  });

  it('reports all faults of a clientAuthentication object, including unknown keys', () => {
    const clientAuthentication = { method: 'private_key_jwt', audience: 7, pem: 'x' };

    expect(configFaults({ introspection: { clientAuthentication } })).toEqual([
      'introspection.clientAuthentication.audience: must be a non-empty string, got: 7',
      'introspection.clientAuthentication.pem: is not a known key',
    ]);
  });

  it('reads token.types and token.jwksUri, and reports their faults', () => {
    const token = { types: 'at+jwt', jwksUri: 'https://login.example.com/jwks' };

    expect(loadedConfig({ token }).token).toEqual({
      ...token,
      types: ['at+jwt'],
      notBeforeToleranceSeconds: 60,
      senderConstraint: 'refuse',
    });
    expect(configFaults({ token: { types: [], jwksUri: 'http://login.example.com' } })).toEqual([
      expect.stringMatching(/^token\.types: /),
      expect.stringMatching(/^token\.jwksUri: must be an https: URL/),
    ]);
  });
});

describe('the CA bundle of a deployment config', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ca-bundle-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'config.json');
  const load = (caBundle: string) => {
    writeFileSync(file, JSON.stringify(configFile({ introspection: { caBundle } })));
    return loadDeploymentConfig(file, { local: false }).introspection.caBundle;
  };

  it('reads caBundle from a path relative to the config file, or an absolute path', async () => {
    const { cert } = await createCertificateAuthority();
    writeFileSync(join(directory, 'ca.pem'), `${cert}\n\n`);

    expect(load('ca.pem')).toBe(cert.trim());
    expect(load('./ca.pem')).toBe(cert.trim());
    expect(load(join(directory, 'ca.pem'))).toBe(cert.trim());
  });

  it('a caBundle can have several certificates', async () => {
    const both = [await createCertificateAuthority(), await createCertificateAuthority()]
      .map(({ cert }) => cert.trim())
      .join('\n');
    writeFileSync(join(directory, 'both.pem'), both);

    expect(load('both.pem')).toBe(both);
  });

  it.each(['missing.pem', '.', 'text.pem'])(
    'a caBundle that names %s is a fault, since that holds no certificate',
    (name) => {
      writeFileSync(join(directory, 'text.pem'), '-----BEGIN PRIVATE KEY-----\nSesame\n');

      expect(String(thrownBy(() => load(name)))).toMatch(
        new RegExp(
          `introspection\\.caBundle: must name a file with PEM certificates, got: "${name}"$`,
        ),
      );
    },
  );
});
