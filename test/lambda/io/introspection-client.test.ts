import '../../support/errors-of-node';
import fc from 'fast-check';
import { Fault } from '../../../lambda/core/errors';
import type { ClientCredentials } from '../../../lambda/io/client-credentials';
import { createIntrospectionClient } from '../../../lambda/io/introspection-client';
import { faultWith } from '../../support/faults';
import {
  type Answer,
  deserted,
  type StubServer,
  startRawServer,
  startStubServer,
} from '../../support/stub-server';
import { jws } from '../../support/tokens';

const JWT = jws({ sub: 'alice' });
const yes: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/jwt' }).end(JWT);
};
const status =
  (code: number): Answer =>
  (response) => {
    response.writeHead(code).end();
  };

const OLD: ClientCredentials = { clientId: 'gateway', clientSecret: 'old' };
const NEW: ClientCredentials = { clientId: 'gateway', clientSecret: 'new' };

let server: StubServer;
beforeEach(async () => {
  server = await startStubServer('/introspect', yes);
});
afterEach(() => server.close());

interface Some {
  readonly known?: ClientCredentials;
  readonly current?: ClientCredentials;
  readonly endpoint?: URL;
  readonly timeoutSeconds?: number;
}
function client(some: Some = {}) {
  const { known = OLD, current = known, endpoint = server.url, timeoutSeconds = 5 } = some;
  const credentials = {
    get: jest.fn(async () => known),
    reread: jest.fn(async () => current),
  };
  const introspect = createIntrospectionClient({ endpoint, timeoutSeconds, credentials });
  return { introspect, credentials };
}
/** UTF-8 has no lone surrogates. */
const wellFormed = (text: string) => Buffer.from(text).toString();
const basic = (header: string | undefined) =>
  Buffer.from(header?.replace(/^Basic /, '') ?? '', 'base64').toString();

describe('createIntrospectionClient', () => {
  it('asks for a JWT with the credentials of the client and reads the answer', async () => {
    const { introspect } = client();

    expect((await introspect('abc')).facts?.jwt).toBe(JWT);
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/introspect',
        body: 'token=abc',
        headers: { accept: 'application/jwt', authorization: expect.stringMatching(/^Basic /) },
      },
    ]);
    expect(basic(server.requests[0]?.headers.authorization)).toBe('gateway:old');
  });

  it('sends credentials that survive form decoding, colons and all', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });

    await fc.assert(
      fc.asyncProperty(text, text, async (clientId, clientSecret) => {
        await client({ known: { clientId, clientSecret } }).introspect('abc');
        const [id, secret, ...rest] = basic(server.requests.at(-1)?.headers.authorization)
          .split(':')
          .map((part) => new URLSearchParams(`x=${part}`).get('x'));
        expect([id, secret, rest]).toEqual([wellFormed(clientId), wellFormed(clientSecret), []]);
      }),
      { numRuns: 50 },
    );
  });

  it('takes 204 for no', async () => {
    server.answer(status(204));

    expect((await client().introspect('abc')).facts).toBeUndefined();
  });

  it('asks once for every answer but 401', async () => {
    for (const code of [204, 302, 400, 403, 404, 429, 500, 503]) {
      server.answer(status(code));
      const { introspect, credentials } = client();
      const before = server.requests.length;

      await introspect('abc').catch((error) => expect(error).toBeInstanceOf(Fault));

      expect(server.requests).toHaveLength(before + 1);
      expect(credentials.reread).not.toHaveBeenCalled();
    }
  });

  describe('on a 401', () => {
    const rotated: Answer = (response, request) => {
      if (basic(request.headers.authorization) === 'gateway:new') return yes(response, request);
      response.writeHead(401).end();
    };

    it('rereads the secret and asks again with what it holds now', async () => {
      server.answer(rotated);

      expect((await client({ current: NEW }).introspect('abc')).facts?.jwt).toBe(JWT);
      expect(server.requests.map(({ headers }) => basic(headers.authorization))).toEqual([
        'gateway:old',
        'gateway:new',
      ]);
    });

    it('asks no second time with the same credentials', async () => {
      server.answer(status(401));
      const { introspect, credentials } = client();

      await expect(introspect('abc')).rejects.toEqual(faultWith('introspection_rejected_client'));
      expect(server.requests).toHaveLength(1);
      expect(credentials.reread).toHaveBeenCalledTimes(1);
    });

    it('gives up if the new credentials are refused too', async () => {
      server.answer(status(401));
      const { introspect, credentials } = client({ current: NEW });

      await expect(introspect('abc')).rejects.toEqual(faultWith('introspection_rejected_client'));
      expect(server.requests).toHaveLength(2);
      expect(credentials.reread).toHaveBeenCalledTimes(1);
    });

    it('fails as rereading fails', async () => {
      server.answer(status(401));
      const { introspect, credentials } = client();
      credentials.reread.mockRejectedValue(new Fault('credentials_invalid', 'x'));

      await expect(introspect('abc')).rejects.toEqual(faultWith('credentials_invalid'));
      expect(server.requests).toHaveLength(1);
    });

    it('has one deadline for both requests', async () => {
      server.answer(async (response, request) => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        await rotated(response, request);
      });

      await expect(client({ current: NEW, timeoutSeconds: 0.3 }).introspect('abc')).rejects.toEqual(
        faultWith('introspection_unreachable'),
      );
    });
  });

  it('asks nobody without credentials', async () => {
    const { introspect, credentials } = client();
    credentials.get.mockRejectedValue(new Fault('credentials_unavailable', 'x'));

    await expect(introspect('abc')).rejects.toEqual(faultWith('credentials_unavailable'));
    expect(server.requests).toHaveLength(0);
  });

  it('is a fault if nothing listens', async () => {
    const endpoint = await deserted();

    await expect(client({ endpoint }).introspect('abc')).rejects.toEqual(
      faultWith(
        'introspection_unreachable',
        `the exchange with ${endpoint.host} broke off (ECONNREFUSED)`,
      ),
    );
  });

  it('is a fault, with what is behind it, if the host does not exist', async () => {
    const endpoint = new URL('https://login.invalid/introspect');

    await expect(client({ endpoint }).introspect('abc')).rejects.toMatchObject({
      code: 'introspection_unreachable',
      cause: expect.objectContaining({ syscall: 'getaddrinfo' }),
    });
  });

  it('is a fault at the deadline, and says so', async () => {
    server.answer(() => undefined);

    await expect(client({ timeoutSeconds: 0.1 }).introspect('abc')).rejects.toEqual(
      faultWith('introspection_unreachable', `${server.url.host} did not answer within 0.1 s`),
    );
  });

  it('is a fault of its own if the answer is too large', async () => {
    server.answer((response) => {
      response.writeHead(200, { 'content-type': 'application/jwt' }).end('x'.repeat(65_537));
    });

    await expect(client().introspect('abc')).rejects.toEqual(
      faultWith('introspection_response_invalid', 'the answer exceeds 65536 bytes'),
    );
  });

  it('is a fault that does not quote an answer that is no HTTP', async () => {
    const raw = await startRawServer(`${JWT}\r\n\r\n`);

    const fault = await client({ endpoint: raw.url })
      .introspect('abc')
      .catch((error) => error);
    await raw.close();

    expect(fault).toEqual(faultWith('introspection_unreachable'));
    expect(JSON.stringify([String(fault), String(fault.cause)])).not.toContain(JWT.slice(0, 10));
  });
});
