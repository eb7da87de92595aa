import fc from 'fast-check';
import { Fault } from '../../../../lambda/core/errors';
import { USER_AGENT } from '../../../../lambda/io/http/user-agent';
import { codePoint } from '../../../support/code-points';
import { faultWith } from '../../../support/faults';
import {
  basicOf,
  formOf,
  introspectionClient,
  JWT,
  POST,
  secret,
  status,
  YES,
  yes,
} from '../../../support/introspection';
import {
  type Answer,
  deserted,
  type StubServer,
  startRawServer,
  startStubServer,
} from '../../../support/stub-server';

let server: StubServer;
beforeEach(async () => {
  server = await startStubServer('/introspect', yes);
});
afterEach(() => server.close());

const client = (some: Partial<Parameters<typeof introspectionClient>[0]> = {}) =>
  introspectionClient({ endpoint: server.url, ...some });
/** UTF-8 has no lone surrogates. */
const wellFormed = (text: string) => Buffer.from(text).toString();

describe('createIntrospectionClient', () => {
  it('requests a JWT as the client, with the token alone, and reads the response', async () => {
    expect(await client().introspect('abc')).toMatchObject(YES);
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/introspect',
        body: 'token=abc',
        headers: {
          accept: 'application/jwt',
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': '9',
        },
      },
    ]);
    expect(server.requests.map(basicOf)).toEqual(['gateway:old']);
  });

  it.each([
    ['Curity', 'phantom_token', 'application/json', {}, [['token', 'abc']]],
    ['Keycloak', 'jwt', 'application/jwt', {}, [['token', 'abc']]],
    [
      'WSO2',
      'token_string',
      'application/json',
      { required_claims: '' },
      [
        ['required_claims', ''],
        ['token', 'abc'],
      ],
    ],
  ])(
    'requests JSON from %s and reads the JWT in it',
    async (_, member, accept, parameters, form) => {
      server.answer((response) => {
        response.writeHead(200, { 'content-type': 'application/json;charset=UTF-8' });
        response.end(JSON.stringify({ active: true, [member]: JWT }));
      });
      const response = { member, types: undefined };

      expect(await client({ accept, parameters, response }).introspect('abc')).toMatchObject(YES);
      expect(server.requests).toMatchObject([{ headers: { accept } }]);
      expect(server.requests.map(formOf)).toEqual([form]);
      expect(server.requests[0]?.rawHeaders.filter((name) => /^accept/i.test(name))).toHaveLength(
        1,
      );
    },
  );

  it('an introspection authenticates by the configured method', async () => {
    await client({ clientAuthentication: POST }).introspect('abc');

    expect(server.requests.map(formOf)).toEqual([
      [
        ['client_id', 'gateway'],
        ['client_secret', 'old'],
        ['token', 'abc'],
      ],
    ]);
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('no configured parameter replaces the token or the client credentials', async () => {
    const parameters = { token: 'evil', client_id: 'evil', client_secret: 'evil', more: 'x' };
    await client({ parameters, clientAuthentication: POST }).introspect('abc');

    expect(server.requests.map((request) => Object.fromEntries(formOf(request)))).toEqual([
      { token: 'abc', client_id: 'gateway', client_secret: 'old', more: 'x' },
    ]);
    expect(server.requests.map(formOf)[0]).toHaveLength(4);
  });

  it('sends exactly the token and the configured parameters, for any of them', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: codePoint, maxLength: 20 }),
      fc.constantFrom('a&token=b', 'a%26b=c', 'a;b=c', 'a\r\nx: y', '+', '%', '&', '=', '', '\0'),
    );
    const parameters = fc.dictionary(
      text.filter((name) => !['token', '__proto__'].includes(name)),
      text,
      { maxKeys: 3 },
    );
    const { introspect } = client();

    await fc.assert(
      fc.asyncProperty(text, async (token) => {
        await introspect(token);
        expect(server.requests.map(formOf).at(-1)).toEqual([['token', wellFormed(token)]]);
      }),
      { numRuns: 150 },
    );
    await fc.assert(
      fc.asyncProperty(text, parameters, async (token, given) => {
        await client({ parameters: given }).introspect(token);
        const expected = [...Object.entries(given), ['token', token]];
        expect(server.requests.map(formOf).at(-1)).toEqual(
          expected.map((pair) => pair.map((part) => wellFormed(String(part)))),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('reads a 204 response as inactive', async () => {
    server.answer(status(204));

    expect(await client().introspect('abc')).toMatchObject({ invalid: 'token_inactive' });
  });

  it('sends no introspection without credentials', async () => {
    const { introspect, credentials } = client();
    credentials.get.mockRejectedValue(new Fault('credentials_unavailable', 'x'));

    await expect(introspect('abc')).rejects.toEqual(faultWith('credentials_unavailable'));
    expect(server.requests).toHaveLength(0);
  });

  it('the fault for a response has its status', async () => {
    for (const code of [302, 400, 403, 404, 429, 500]) {
      server.answer(status(code));
      await expect(client().introspect('abc')).rejects.toMatchObject({
        name: 'Fault',
        status: code,
      });
    }
    expect(server.requests).toHaveLength(6);
  });

  it('a server that does not listen is a fault that names the host', async () => {
    const endpoint = await deserted();

    await expect(client({ endpoint }).introspect('abc')).rejects.toEqual(
      faultWith(
        'introspection_unreachable',
        `the request to ${endpoint.host} failed: ECONNREFUSED`,
      ),
    );
  });

  it('a host that does not exist is a fault with its cause', async () => {
    const endpoint = new URL('https://login.invalid/introspect');

    await expect(client({ endpoint }).introspect('abc')).rejects.toMatchObject({
      code: 'introspection_unreachable',
      cause: expect.objectContaining({ syscall: 'getaddrinfo' }),
    });
  });

  it('a response that is too large is a fault of its own', async () => {
    server.answer((response) => {
      response.writeHead(200, { 'content-type': 'application/jwt' }).end('x'.repeat(65_537));
    });

    await expect(client().introspect('abc')).rejects.toEqual(
      faultWith('introspection_response_invalid', 'the response exceeds 65536 bytes'),
    );
    expect(server.requests).toHaveLength(1);
  });

  it('a response that is not HTTP is a fault that does not quote it', async () => {
    const raw = await startRawServer(`${JWT}\r\n\r\n`);

    const fault = await client({ endpoint: raw.url })
      .introspect('abc')
      .catch((error) => error);
    await raw.close();

    expect(fault).toEqual(faultWith('introspection_unreachable'));
    expect(JSON.stringify([String(fault), String(fault.cause)])).not.toContain(JWT.slice(0, 10));
  });

  it('the introspection client keeps its connection from one token to the next', async () => {
    const { introspect } = client();
    for (const token of ['a', 'b', 'c']) await introspect(token);

    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
  });
});

describe('createIntrospectionClient on a 401', () => {
  beforeEach(() => {
    server.answer((response, request) =>
      basicOf(request) === 'gateway:new' ? yes(response, request) : status(401)(response, request),
    );
  });

  it('a 401 has the secret reread and the token introspected with its current value', async () => {
    expect(await client({ current: secret('new') }).introspect('abc')).toMatchObject(YES);
    expect(server.requests.map(basicOf)).toEqual(['gateway:old', 'gateway:new']);
  });

  it('an introspection is not repeated with the same credentials after a 401', async () => {
    const { introspect, credentials } = client({ current: secret('old') });

    await expect(introspect('abc')).rejects.toEqual(faultWith('introspection_rejected_client'));
    await expect(introspect('abc')).rejects.toMatchObject({ status: 401 });
    expect(server.requests).toHaveLength(2);
    expect(credentials.reread).toHaveBeenCalledTimes(2);
  });

  it('an introspection fails if the new credentials are refused too', async () => {
    const { introspect, credentials } = client({ current: secret('newer') });

    await expect(introspect('abc')).rejects.toEqual(faultWith('introspection_rejected_client'));
    expect(server.requests).toHaveLength(2);
    expect(credentials.reread).toHaveBeenCalledTimes(1);
  });

  it('an introspection fails with the error of rereading the secret', async () => {
    const { introspect, credentials } = client();
    credentials.reread.mockRejectedValue(new Fault('credentials_invalid', 'x'));

    await expect(introspect('abc')).rejects.toEqual(faultWith('credentials_invalid'));
    expect(server.requests).toHaveLength(1);
  });
});

describe('createIntrospectionClient when the server refuses its credentials', () => {
  /** Error response of the token endpoint's kind. */
  const refusal =
    (code: number, error?: unknown): Answer =>
    (response) => {
      response.writeHead(code, { 'content-type': 'application/json' });
      response.end(error === undefined ? '' : JSON.stringify({ error, error_description: 'x' }));
    };
  /** Refuses the old secret in this way. */
  const refuseOld = (refuse: Answer) =>
    server.answer((response, request) =>
      basicOf(request) === 'gateway:new' ? yes(response, request) : refuse(response, request),
    );

  it.each<[string, Answer]>([
    ['401', refusal(401)],
    ['403', refusal(403)],
    ['400 invalid_client', refusal(400, 'invalid_client')],
    ['400 unauthorized_client', refusal(400, 'unauthorized_client')],
  ])('rereads the secret once and introspects again once after %s', async (_, refuse) => {
    refuseOld(refuse);
    const { introspect, credentials } = client({ current: secret('new') });

    expect(await introspect('abc')).toMatchObject(YES);
    expect(server.requests.map(basicOf)).toEqual(['gateway:old', 'gateway:new']);
    expect(credentials.reread).toHaveBeenCalledTimes(1);
  });

  it.each([
    [403, undefined, 'responded 403'],
    [400, 'invalid_client', 'responded 400 invalid_client'],
    [400, 'unauthorized_client', 'responded 400 unauthorized_client'],
    [401, 'invalid_client', 'responded 401 invalid_client'],
  ])(
    'gives up with introspection_rejected_client after a second %i (error: %s)',
    async (code, error, detail) => {
      refuseOld(refusal(code, error));
      const { introspect, credentials } = client({ current: secret('newer') });

      const fault = await introspect('abc').catch((reason) => reason);

      expect(fault).toEqual(
        faultWith('introspection_rejected_client', `the authorization server ${detail}`),
      );
      expect(fault).toMatchObject({ status: code });
      expect(server.requests).toHaveLength(2);
      expect(credentials.reread).toHaveBeenCalledTimes(1);
    },
  );

  it.each([
    ['Invalid_Client', 400],
    [['invalid_client'], 400],
    ['invalid_request', 400],
    [undefined, 400],
    ['invalid_client', 404],
  ])('does not reread the secret for the error %j with %i', async (error, code) => {
    server.answer(refusal(code, error));
    const { introspect, credentials } = client({ current: secret('new') });

    await expect(introspect('abc')).rejects.toEqual(faultWith('introspection_response_invalid'));
    expect(credentials.reread).not.toHaveBeenCalled();
  });

  it('a fault does not quote an error code that no RFC defines', async () => {
    server.answer(refusal(400, 'abc'));

    const fault = await client()
      .introspect('abc')
      .catch((reason) => reason);

    expect(fault.message).toBe(
      'introspection_response_invalid: the authorization server responded 400',
    );
  });
});

describe('createIntrospectionClient and its edges', () => {
  it('the introspection client names itself to the server', async () => {
    await client().introspect('abc');

    expect(server.requests[0]?.headers['user-agent']).toBe(USER_AGENT);
  });

  it.each([
    ['a body', '204 No Content\r\ncontent-length: 16\r\n\r\n{"active":false}'],
    ['a chunked body', '204 No Content\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ])('reads a 204 with %s as inactive', async (_, text) => {
    const raw = await startRawServer(`HTTP/1.1 ${text}`);

    expect(await client({ endpoint: raw.url }).introspect('abc')).toMatchObject({
      invalid: 'token_inactive',
    });
    await raw.close();
  });

  it('a JWT that only the end of the connection delimits is a fault', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/jwt\r\n\r\n';
    const raw = await startRawServer(`${head}${JWT}`, (socket) => socket.end());

    await expect(client({ endpoint: raw.url }).introspect('abc')).rejects.toEqual(
      faultWith('introspection_response_invalid', 'the response (status 200) has no length'),
    );
    await raw.close();
  });
});
