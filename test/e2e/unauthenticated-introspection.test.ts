import { decodeJwt } from 'jose';
import { ACCESS_TOKENS } from '../support/introspection-shapes';
import { serveConfig } from '../support/served-config';
import { startStubServer } from '../support/stub-server';

test('the authorizer mints for a server without client authentication, and needs no credentials of it', async () => {
  const exp = Math.floor(Date.now() / 1000) + 600;
  const [{ response: recorded } = { response: {} }] = ACCESS_TOKENS;
  const hydra = await startStubServer('/admin/oauth2/introspect', (response) => {
    response.setHeader('content-type', 'application/json;charset=UTF-8');
    response.end(JSON.stringify({ ...recorded, exp, nbf: exp - 700 }));
  });
  const upstream = await startStubServer('/', (response) => void response.end());
  const local = await serveConfig({
    config: {
      introspection: {
        endpoint: hydra.url.href,
        response: 'json',
        clientAuthentication: 'none',
      },
      token: {
        issuer: 'https://hydra.example.com',
        mint: {
          issuer: 'https://api.example.com',
          audience: 'orders',
          claims: { tenant: 'ext.tenant' },
        },
      },
      cache: { cacheControl: 'ignore' },
      api: { upstream: upstream.url.origin, scopes: ['read'] },
    },
  });
  try {
    const { status } = await fetch(new URL('/orders/1', local.url), {
      headers: { authorization: 'Bearer ory_at_opaque' },
    });

    expect(status).toBe(200);
    const [introspection] = hydra.requests;
    expect(introspection?.headers).not.toHaveProperty('authorization');
    expect(introspection?.body).toBe('token_type_hint=access_token&token=ory_at_opaque');
    const [, jwt = ''] = upstream.requests[0]?.headers.authorization?.split(' ') ?? [];
    expect(decodeJwt(jwt)).toMatchObject({ sub: 'alice', aud: 'orders', tenant: 'blue' });
  } finally {
    await local.close();
    await Promise.all([hydra.close(), upstream.close()]);
  }
});
