import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { postForm } from '../../../local/authorization-server/post-form';
import {
  startTestAuthorizationServer,
  type TestAuthorizationServer,
  type TestAuthorizationServerOptions,
} from '../../support/authorization-server';
import { basicAuthorization } from '../../support/basic-authorization';

type IntrospectionFormat = NonNullable<TestAuthorizationServerOptions['format']>;

let server: TestAuthorizationServer;

const withFormat = (format: IntrospectionFormat) => {
  beforeAll(async () => {
    server = await startTestAuthorizationServer({ format });
  });
  afterAll(() => server.close());
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
  ['a foreign JWT', async () => 'eyJhbGciOiJub25lIn0.e30.'],
];

describe('phantom token in a member', () => {
  withFormat({ member: 'phantom_token' });

  it.each(['application/json', '*/*', 'application/jwt'])(
    'responds with the phantom token in a member to Accept: %s',
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

  it.each(inactiveTokens)('responds {"active":false} for %s', async (_, token) => {
    const { status, headers, body } = await introspect(await token(), 'application/json');

    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body).toBe('{"active":false}');
  });

  it('responds 400 to an unauthenticated introspection request', async () => {
    const form = { token: await server.accessToken('shop') };

    const { status, body } = await postForm(server.introspectionEndpoint, { form });

    expect(status).toBe(400);
    expect(body).toContain('"error":"invalid_request"');
  });
});

describe('phantom token in a member that requires a media type', () => {
  withFormat({ member: 'jwt', accept: 'application/jwt' });

  it('responds with the member to exactly the required media type', async () => {
    const { headers, body } = await introspect(await server.accessToken('shop'), 'application/jwt');

    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(decodeJwt(JSON.parse(body).jwt)).toMatchObject({ aud: 'api.local' });
  });

  it.each(['application/json', 'application/jwt, application/json'])(
    'omits the member that requires another media type than Accept: %s',
    async (accept) => {
      const { body } = await introspect(await server.accessToken('shop'), accept);

      expect(JSON.parse(body)).toMatchObject({ active: true });
      expect(JSON.parse(body)).not.toHaveProperty('jwt');
    },
  );
});

describe('phantom token in a member that requires a form parameter', () => {
  withFormat({ member: 'token_string', parameter: 'required_claims' });

  it('responds with the member if the required form parameter is sent, even empty', async () => {
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

describe('plain JSON', () => {
  withFormat('json');

  it('responds with the members of RFC 7662, and no phantom token', async () => {
    const { status, body } = await introspect(await server.accessToken('shop'), 'application/json');

    expect(status).toBe(200);
    const members = JSON.parse(body);
    expect(members).toMatchObject({ active: true, client_id: 'shop', token_type: 'Bearer' });
    expect(Object.values(members).join()).not.toContain('eyJ');
  });

  it('responds with active: false, also to a token in the form of a JWT', async () => {
    for (const token of ['nonsense', 'eyJhbGciOiJub25lIn0.e30.']) {
      const { status, body } = await introspect(token, 'application/json');

      expect([status, JSON.parse(body)]).toEqual([200, { active: false }]);
    }
  });
});

describe('signed introspection response', () => {
  withFormat('signed-introspection-response');

  it.each([
    ['application/token-introspection+jwt', 'as in RFC 9701'],
    ['application/jwt', 'as in servers older than RFC 9701'],
  ])('a signed introspection response has the content type %s, %s', async (type) => {
    const { status, headers, body } = await introspect(await server.accessToken('shop'), type);

    expect(status).toBe(200);
    expect(headers['content-type']?.split(';')[0]).toBe(type);
    const { payload, protectedHeader } = await verify(body, 'gateway');
    expect(protectedHeader.typ).toBe('token-introspection+jwt');
    expect(payload['token_introspection']).toMatchObject({ active: true, client_id: 'shop' });
  });

  it('a signed introspection response for an inactive token holds active: false only', async () => {
    const { body } = await introspect('nonsense', 'application/jwt');

    expect(decodeProtectedHeader(body).typ).toBe('token-introspection+jwt');
    expect(decodeJwt(body)['token_introspection']).toEqual({ active: false });
  });

  it('a server with signed introspection responses sends JSON to Accept: application/json', async () => {
    const { headers, body } = await introspect('nonsense', 'application/json');

    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(body)).toEqual({ active: false });
  });
});
