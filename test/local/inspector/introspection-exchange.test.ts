import type { Context } from 'oidc-provider';
import {
  type IntrospectionExchange,
  observeIntrospections,
} from '../../../local/authorization-server/introspection-exchange';

const TOKEN = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Observes an exchange at the introspection endpoint. */
async function observe(
  headers: Readonly<Record<string, string>>,
  form: Readonly<Record<string, string>>,
): Promise<IntrospectionExchange | undefined> {
  let observed: IntrospectionExchange | undefined;
  const context = {
    path: '/token/introspection',
    req: { headers },
    get: (name: string) => headers[name] ?? '',
    oidc: { route: 'introspection', body: { token: TOKEN, ...form } },
    response: { headers: { 'content-type': 'application/json', 'set-cookie': 'x' } },
    status: 200,
    body: { active: false },
  } as unknown as Context;
  await observeIntrospections((exchange) => {
    observed = exchange;
  })(context, async () => {});
  return observed;
}

const secret = (clientSecret: string) =>
  Buffer.from(`gateway:${clientSecret}`, 'utf8').toString('base64');

test.each([
  ['Basic', { authorization: `Basic ${secret('s3cret')}` }, {}, 'Basic gateway:••••'],
  ['Bearer', { authorization: 'Bearer s3cret' }, {}, 'Bearer ••••'],
  ['a form', {}, { client_secret: 's3cret' }, undefined],
  ['an assertion', {}, { client_assertion: 's3cret' }, undefined],
])(
  'the credentials of a client that authenticates by %s are masked',
  async (_, headers, form, shown) => {
    const observed = await observe(headers, form);

    expect(observed?.request.headers['authorization']).toBe(shown);
    expect(JSON.stringify(observed)).not.toContain('s3cret');
    expect(JSON.stringify(observed)).not.toContain(secret('s3cret'));
  },
);

test('the form has the ends of the token, and the response its content', async () => {
  const observed = await observe({ accept: 'application/json', cookie: 'x' }, {});

  expect(observed).toMatchObject({
    token: TOKEN,
    request: {
      path: '/token/introspection',
      headers: { accept: 'application/json' },
      form: { token: 'abcdefgh…456789' },
    },
    response: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"active":false}',
    },
  });
});
