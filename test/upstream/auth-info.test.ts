import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { withPhantomToken } from '../../upstream';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln';
const CLAIMS = { sub: 'alice', client_id: 'agent', scope: 'weather:read alerts:write', exp: 1800 };

const event = (authorizer?: object) =>
  ({
    headers: { Authorization: 'Bearer opaque-access-token' },
    requestContext: { ...(authorizer && { authorizer }) },
  }) as unknown as APIGatewayProxyEvent;
const PROTECTED = event({ authorization: `Bearer ${JWT}`, client_id: 'forged' });

/** Returns an HTTP request as a Node.js server receives it. */
function request(authorization?: string): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  if (authorization !== undefined) message.headers.authorization = authorization;
  return message;
}

/** Returns a verifier that records what it verifies. */
function verifier(claims: Readonly<Record<string, unknown>> = CLAIMS) {
  const seen: string[] = [];
  const verify = async (jwt: string) => {
    seen.push(jwt);
    return claims;
  };
  return { seen, verify };
}

const authOf = async (claims: Readonly<Record<string, unknown>>) =>
  (await withPhantomToken(PROTECTED, verifier(claims).verify)).auth;

describe('withPhantomToken with a verifier', () => {
  it('the event of a function gets the identity of the verified token, and the token as its header', async () => {
    const { seen, verify } = verifier();
    const { auth, headers } = await withPhantomToken(PROTECTED, verify);
    expect(seen).toEqual([JWT]);
    expect(auth).toEqual({
      token: JWT,
      clientId: 'agent',
      scopes: ['weather:read', 'alerts:write'],
      expiresAt: 1800,
      extra: CLAIMS,
    });
    expect(headers).toEqual({ Authorization: `Bearer ${JWT}` });
  });

  it('an HTTP request gets the identity of the token in its header and stays the same object', async () => {
    const sent = request(`Bearer ${JWT}`);
    const { seen, verify } = verifier();
    const authenticated = await withPhantomToken(sent, verify);
    expect(authenticated).toBe(sent);
    expect(authenticated.auth.extra['sub']).toBe('alice');
    expect(seen).toEqual([JWT]);
  });

  it.each([
    ['an event without a phantom token', event()],
    ['an HTTP request without Authorization', request()],
    ['an HTTP request with another scheme', request(`Basic ${JWT}`)],
    ['an HTTP request with two tokens', request(`Bearer ${JWT}, Bearer ${JWT}`)],
  ])('%s is rejected without a call of the verifier', async (_, sent) => {
    const { seen, verify } = verifier();
    await expect(withPhantomToken(sent, verify)).rejects.toThrow(
      'the request has no phantom token',
    );
    expect(seen).toEqual([]);
    expect(sent).not.toHaveProperty('auth');
  });

  it('a request whose token is not valid is rejected with the error of the verifier, without an identity', async () => {
    const sent = request(`Bearer ${JWT}`);
    const invalid = () => Promise.reject(new Error('signature verification failed'));
    await expect(withPhantomToken(sent, invalid)).rejects.toThrow('signature verification failed');
    expect(sent).not.toHaveProperty('auth');
  });

  it.each([
    ['azp', { azp: 'agent' }],
    ['cid', { cid: 'agent' }],
    ['appid', { appid: 'agent' }],
    ['client_id first', { azp: 'other', client_id: 'agent' }],
  ])('the client is read from %s', async (_, claims) => {
    expect((await authOf(claims)).clientId).toBe('agent');
  });

  it('the client is empty and the scopes are none if the token states neither', async () => {
    expect(await authOf({ sub: 'alice' })).toEqual({
      ...{ token: JWT, clientId: '', scopes: [] },
      extra: { sub: 'alice' },
    });
  });

  it.each([
    ['a list in scope', { scope: ['a', 'b'] }],
    ['a list in scp', { scp: ['a', 'b'] }],
    ['a string in scp', { scp: 'a b' }],
    ['several spaces', { scope: ' a  b ' }],
  ])('the scopes are read from %s', async (_, claims) => {
    expect((await authOf(claims)).scopes).toEqual(['a', 'b']);
  });
});
