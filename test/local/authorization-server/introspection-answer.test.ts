import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import {
  type AuthorizationServerProcess,
  type AuthorizationServerProcessOptions,
  startAuthorizationServerProcess,
} from '../../support/authorization-server';
import { basicAuthorization, postForm } from '../../support/post-form';

type IntrospectionAnswer = NonNullable<AuthorizationServerProcessOptions['answer']>;

let server: AuthorizationServerProcess;

const answering = (answer: IntrospectionAnswer) => {
  beforeAll(async () => {
    server = await startAuthorizationServerProcess({ answer });
  });
  afterAll(() => server.kill());
};
const introspect = (token: string, accept: string, form: Record<string, string> = {}) =>
  postForm(server.introspectionEndpoint, {
    form: { token, ...form },
    headers: { accept, authorization: basicAuthorization(server.gateway) },
  });
const verify = async (jwt: string, audience: string) => {
  const keys = await (await fetch(server.jwksUri)).json();
  const expected = { issuer: server.issuer, audience };
  return jwtVerify(jwt, createLocalJWKSet(keys as never), expected);
};

const inactiveTokens: [string, () => Promise<string>][] = [
  ['an unknown token', async () => 'nonsense'],
  ['a JWT that is none of its tokens', async () => 'eyJhbGciOiJub25lIn0.e30.'],
];

describe('an answer with the phantom token in a member', () => {
  answering({ member: 'phantom_token' });

  it.each(['application/json', '*/*', 'application/jwt'])(
    'is given to Accept: %s',
    async (accept) => {
      const { status, headers, body } = await introspect(await server.accessToken('shop'), accept);

      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(headers['cache-control']).toBe('no-store');
      const { phantom_token, ...members } = JSON.parse(body);
      expect(members).toMatchObject({ active: true, client_id: 'shop', aud: 'api.local' });
      const { payload, protectedHeader } = await verify(phantom_token, 'api.local');
      expect(protectedHeader.typ).toBe('at+jwt');
      expect(payload).toMatchObject({ sub: 'shop', client_id: 'shop', exp: members.exp });
    },
  );

  it.each(inactiveTokens)('is {"active":false} for %s', async (_, token) => {
    const { status, headers, body } = await introspect(await token(), 'application/json');

    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body).toBe('{"active":false}');
  });

  it('is an error where the client is not known', async () => {
    const form = { token: await server.accessToken('shop') };

    const { status, body } = await postForm(server.introspectionEndpoint, { form });

    expect(status).toBe(400);
    expect(body).toContain('"error":"invalid_request"');
  });
});

describe('an answer with the phantom token in a member, for one media type only', () => {
  answering({ member: 'jwt', accept: 'application/jwt' });

  it('has the member when exactly that is accepted', async () => {
    const { headers, body } = await introspect(await server.accessToken('shop'), 'application/jwt');

    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(decodeJwt(JSON.parse(body).jwt)).toMatchObject({ aud: 'api.local' });
  });

  it.each(['application/json', 'application/jwt, application/json'])(
    'does without it when it is Accept: %s',
    async (accept) => {
      const { body } = await introspect(await server.accessToken('shop'), accept);

      expect(JSON.parse(body)).toMatchObject({ active: true });
      expect(JSON.parse(body)).not.toHaveProperty('jwt');
    },
  );
});

describe('an answer with the phantom token in a member, for a form parameter only', () => {
  answering({ member: 'token_string', parameter: 'required_claims' });

  it('has the member when the parameter was sent, though it be empty', async () => {
    const token = await server.accessToken('shop');
    const [without, empty] = await Promise.all([
      introspect(token, 'application/json'),
      introspect(token, 'application/json', { required_claims: '' }),
    ]);

    expect(JSON.parse(without.body)).toMatchObject({ active: true });
    expect(JSON.parse(without.body)).not.toHaveProperty('token_string');
    expect(decodeJwt(JSON.parse(empty.body).token_string)).toMatchObject({ aud: 'api.local' });
  });
});

describe('a signed introspection response', () => {
  answering('signed-introspection-response');

  it.each([
    ['application/token-introspection+jwt', 'as the standard has it'],
    ['application/jwt', 'as servers before the standard sent it'],
  ])('has the content type %s, %s', async (type) => {
    const { status, headers, body } = await introspect(await server.accessToken('shop'), type);

    expect(status).toBe(200);
    expect(headers['content-type']?.split(';')[0]).toBe(type);
    const { payload, protectedHeader } = await verify(body, 'gateway');
    expect(protectedHeader.typ).toBe('token-introspection+jwt');
    expect(payload['token_introspection']).toMatchObject({ active: true, client_id: 'shop' });
  });

  it('says nothing but that of an inactive token', async () => {
    const { body } = await introspect('nonsense', 'application/jwt');

    expect(decodeProtectedHeader(body).typ).toBe('token-introspection+jwt');
    expect(decodeJwt(body)['token_introspection']).toEqual({ active: false });
  });

  it('is plain JSON to any other Accept', async () => {
    const { headers, body } = await introspect('nonsense', 'application/json');

    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(body)).toEqual({ active: false });
  });
});
