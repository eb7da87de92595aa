import type { Template } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../support/synthesize';

const MINT = { issuer: 'https://api.example.com', audience: 'orders', claims: { t: 'ext.t' } };
const stackOf = (mint: object = {}, more: object = {}) =>
  synthesize({
    introspection: { response: 'json', clientAuthentication: 'none' },
    token: { audience: 'api', mint: { ...MINT, ...mint } },
    ...more,
  }).template;

/** Returns the environment variables of the functions, each by its description. */
function variablesOf(template: Template, description: string): Record<string, unknown> {
  const found = template.findResources('AWS::Lambda::Function', {
    Properties: { Description: description },
  });
  return Object.values(found)[0]?.['Properties'].Environment.Variables;
}
const AUTHORIZER = 'REQUEST authorizer that exchanges opaque access tokens for phantom tokens';

describe('a stack that mints', () => {
  const inSecret = stackOf();
  const inKms = stackOf({ key: 'kms', lifetimeSeconds: 900 }, { api: { type: 'HTTP' } });

  it('a stack that mints configures the function with the rules, the minimum lifetime and the secret', () => {
    const variables = variablesOf(inSecret, AUTHORIZER);

    expect(JSON.parse(String(variables['TOKEN_MINT']))).toEqual({
      ...{ response: 'json', issuer: 'https://api.example.com', audience: ['orders'] },
      ...{ claims: { t: 'ext.t' }, lifetimeSeconds: 420 },
    });
    expect(variables).toMatchObject({
      INTROSPECTION_ACCEPT: 'application/json',
      INTROSPECTION_PARAMETERS: '{"token_type_hint":"access_token"}',
      INTROSPECTION_CLIENT_AUTHENTICATION: '{"method":"none"}',
      TOKEN_UNTYPED: 'refuse',
      SIGNING_KEYS_SECRET_ARN: { Ref: expect.stringMatching(/^SigningKeysSecret/) },
    });
    expect(variables).not.toHaveProperty('INTROSPECTION_RESPONSE_MEMBER');
  });

  it('a stack that mints lets the function sign by KMS where the key is there, with the configured lifetime', () => {
    const variables = variablesOf(inKms, AUTHORIZER);

    expect(JSON.parse(String(variables['TOKEN_MINT']))).toMatchObject({ lifetimeSeconds: 900 });
    expect(variables['SIGNING_KMS_KEY_ARN']).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^SigningKeys/), 'Arn'],
    });
    expect(variables).not.toHaveProperty('SIGNING_KEYS_SECRET_ARN');
  });

  it('a stack that mints publishes the keys under the minted issuer, without access to the secret', () => {
    for (const template of [inSecret, inKms]) {
      const variables = variablesOf(template, 'Publishes the public keys of phantom tokens');

      expect(variables).toMatchObject({ SIGNING_ISSUER: 'https://api.example.com' });
      expect(variables).not.toHaveProperty('SIGNING_KEYS_SECRET_ARN');
    }
    inKms.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: 'GET /.well-known/jwks.json',
      AuthorizationType: 'NONE',
    });
    inSecret.hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: 'jwks.json' });
  });

  it('a stack that mints creates the secret of an endpoint without authentication complete', () => {
    inSecret.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { GenerateStringKey: 'cache_key', SecretStringTemplate: '{}' },
    });
  });
});

describe('a stack that does not mint', () => {
  it('a stack that does not mint has no signing keys, rotation, key set or variables for them', () => {
    const { template } = synthesize({ token: { audience: 'api' } });
    const variables = variablesOf(template, AUTHORIZER);

    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    template.resourceCountIs('AWS::SecretsManager::RotationSchedule', 0);
    template.resourceCountIs('AWS::KMS::Key', 0);
    expect(Object.keys(variables).filter((name) => /MINT|SIGNING|UNTYPED/.test(name))).toEqual([]);
  });
});
