import { deflateRawSync } from 'node:zlib';
import { readRequirements } from '../../../local/inspector/events/requirements';

const rules = [
  [[['read']], ['*']],
  [
    [['write'], ['admin', 'all']],
    ['POST,PUT /orders', 'ANY /orders/{id}'],
  ],
];
const variables = (scopeRules: unknown) => ({
  TOKEN_ISSUER: 'https://login.example.com',
  TOKEN_AUDIENCE: '["orders-api"]',
  SCOPE_RULES: JSON.stringify({ api: scopeRules }),
});

test.each([
  ['GET /', [['read']]],
  ['PUT /orders', [['write'], ['admin', 'all']]],
  ['DELETE /orders/{id}', [['write'], ['admin', 'all']]],
])('reads the scopes of %s', (route, scopes) => {
  expect(readRequirements(variables(rules), 'api', route)).toEqual({
    issuer: 'https://login.example.com',
    audience: ['orders-api'],
    scopes,
    jwksUri: undefined,
    senderConstraint: 'refuse',
  });
});

test('reads rules that are deflated, and the audience of the API', () => {
  const packed = deflateRawSync(JSON.stringify(rules)).toString('base64');
  const read = readRequirements(variables({ audience: ['own'], rules: packed }), 'api', 'GET /');

  expect([read.audience, read.scopes]).toEqual([['own'], [['read']]]);
});

test('values that cannot be read are absent', () => {
  const read = readRequirements({ SCOPE_RULES: '{', TOKEN_AUDIENCE: '7' }, 'api', 'GET /');

  expect(read).toMatchObject({ audience: undefined, scopes: undefined });
});
