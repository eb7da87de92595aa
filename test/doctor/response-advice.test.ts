import { responseAdvice } from '../../doctor/response-advice';
import { deploymentConfigSchema } from '../../lib/stack/config/schema';
import { configFile } from '../support/synthesize';
import { jws } from '../support/tokens';

const KEYCLOAK = 'https://login.example.com/realms/shop/protocol/openid-connect/token/introspect';
const WSO2 = 'https://is.example.com/oauth2/introspect';
const JWT = jws({ sub: 'alice' });

/** Returns the advice for a response where a config is otherwise right. */
function advice(
  introspection: Record<string, unknown>,
  { status = 200, type = 'application/json', body = {}, headers = {} as Record<string, string> },
) {
  const config = deploymentConfigSchema({ local: false }).parse(configFile({ introspection }));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = {
    status,
    headers: { 'content-type': type, ...headers },
    body: Buffer.from(text),
  };
  return responseAdvice(response, { config, metadata: undefined });
}
const member = (name: string) => ({ response: { member: name } });

test.each<[string, Record<string, unknown>, Parameters<typeof advice>[1], RegExp]>([
  ['204 for a member', member('jwt'), { status: 204 }, /response to "jwt"/],
  [
    'a JWT for a member',
    member('jwt'),
    { type: 'application/jwt', body: JWT },
    /response to "jwt"/,
  ],
  ['a JWT of another type', {}, { type: 'application/jwt', body: JWT }, /token\.types/],
  [
    'a JWT of another type in the member',
    member('jwt'),
    { body: { active: true, jwt: JWT } },
    /token\.types/,
  ],
  ['a signed response', {}, { type: 'application/token-introspection+jwt' }, /Signed responses/],
  ['406', {}, { status: 406 }, /introspection\.accept/],
  ['JSON of another kind', member('jwt'), { body: { keys: [] } }, /no boolean "active"/],
  ['JSON without a JWT', {}, { body: { active: true } }, /\{ "member": NAME \}/],
  [
    'Keycloak whose client has no JWT',
    { endpoint: KEYCLOAK, ...member('jwt'), accept: 'application/jwt' },
    { body: { active: true } },
    /Support JWT claim/,
  ],
  ['WSO2 without its parameter', { endpoint: WSO2 }, { body: { active: true } }, /required_claims/],
  [
    'WSO2 without its setting',
    { endpoint: WSO2, ...member('token_string'), parameters: { required_claims: '' } },
    { body: { active: true } },
    /include_validation_context_as_jwt/,
  ],
  ['403', {}, { status: 403 }, /not allowed to introspect.*"encoding": "raw"/],
  [
    '401 for a certificate',
    { clientAuthentication: 'tls_client_auth' },
    { status: 401 },
    /mtls_endpoint_aliases/,
  ],
])('a fault of introspection has advice for %s', (_title, introspection, response, expected) => {
  expect(advice(introspection, response)).toMatch(expected);
});

test('the JWT of an inactive token does not lead to advice to configure its member', () => {
  expect(advice({}, { body: { active: false, jwt: JWT } })).not.toContain('"jwt"');
});

test('neither query nor credentials of a redirect are quoted', () => {
  const location = 'https://user:hidden@login.example.com/sign-in?code=hidden#hidden';

  expect(advice({}, { status: 302, headers: { location } })).toMatch(
    /^The server redirects to https:\/\/login\.example\.com\/sign-in, which/,
  );
});

test('a response without a hint has no advice', () => {
  expect(advice({}, { status: 500 })).toBeUndefined();
  expect(advice({}, { type: 'text/plain' })).toBeUndefined();
});
