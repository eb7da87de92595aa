import '../../support/errors-of-node';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { createFormPost, MAX_RESPONSE_BYTES } from '../../../lambda/io/form-post';
import { faultWith } from '../../support/faults';
import {
  deserted,
  type StubServer,
  startRawServer,
  startStubServer,
} from '../../support/stub-server';

let server: StubServer;
beforeEach(async () => {
  server = await startStubServer('/introspect', (response) => {
    response.end('answer');
  });
});
afterEach(() => server.close());

const soon = () => AbortSignal.timeout(5000);
const post = (url = server.url, signal = soon()) =>
  createFormPost(url)({ headers: {}, form: { token: 'abc' }, signal });

/** UTF-8 has no lone surrogates. */
const wellFormed = (text: string) => Buffer.from(text).toString();

describe('createFormPost', () => {
  it('posts a form with the headers given and reads the whole answer', async () => {
    server.answer((response) => {
      response.writeHead(207, { 'x-one': '1' });
      response.end('answer');
    });

    const answer = await createFormPost(server.url)({
      headers: { accept: 'application/jwt', authorization: 'Basic x' },
      form: { token: 'a b&c=d', more: 'é' },
      signal: soon(),
    });

    expect(answer).toMatchObject({ status: 207, headers: { 'x-one': '1' } });
    expect(answer.body.toString()).toBe('answer');
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/introspect',
        headers: {
          accept: 'application/jwt',
          authorization: 'Basic x',
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': '29',
        },
        body: 'token=a+b%26c%3Dd&more=%C3%A9',
      },
    ]);
  });

  it('delivers exactly the parameters given, whatever their values are', async () => {
    const send = createFormPost(server.url);
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom('a&client_id=evil', 'a%26b=c', 'a;b=c', 'a\r\nx: y', '+', '%', '&', '=', ''),
    );

    await fc.assert(
      fc.asyncProperty(value, async (token) => {
        await send({ headers: {}, form: { token }, signal: soon() });
        const form = new URLSearchParams(server.requests.at(-1)?.body);
        expect([...form]).toEqual([['token', wellFormed(token)]]);
      }),
      { numRuns: 200 },
    );
  });

  it('follows no redirect', async () => {
    const target = await startStubServer('/', (response) => {
      response.end();
    });
    for (const status of [301, 302, 303, 307, 308]) {
      server.answer((response) => {
        response.writeHead(status, { location: target.url.href }).end();
      });
      expect(await post()).toMatchObject({ status });
    }
    await target.close();

    expect(target.requests).toHaveLength(0);
  });

  it('reads a chunked answer without content-length', async () => {
    server.answer(async (response) => {
      response.write('one ');
      await sleep(20);
      response.write('two');
      response.end();
    });

    const answer = await post();

    expect(answer.headers).not.toHaveProperty('content-length');
    expect(answer.body.toString()).toBe('one two');
  });

  it('reads an answer that ends with its connection', async () => {
    const raw = await startRawServer('HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok');

    expect((await post(raw.url)).body.toString()).toBe('ok');
    await raw.close();
  });

  it('takes an answer of exactly the greatest length and no longer one', async () => {
    server.answer((response) => {
      response.end(Buffer.alloc(MAX_RESPONSE_BYTES));
    });
    expect((await post()).body).toHaveLength(MAX_RESPONSE_BYTES);

    server.answer((response) => {
      response.end(Buffer.alloc(MAX_RESPONSE_BYTES + 1));
    });
    await expect(post()).rejects.toEqual(
      faultWith('introspection_response_invalid', `the answer exceeds ${MAX_RESPONSE_BYTES}`),
    );
  });

  it('stops reading an endless answer', async () => {
    let written = 0;
    server.answer(async (response) => {
      while (!response.destroyed && written < 100_000_000) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536))) await sleep(1);
      }
      response.end();
    });

    await expect(post()).rejects.toMatchObject({ code: 'introspection_response_invalid' });
    expect(written).toBeLessThan(100_000_000);
  });

  describe('over a kept-alive connection', () => {
    it('sends the next request', async () => {
      const send = createFormPost(server.url);
      for (const token of ['a', 'b', 'c']) {
        await send({ headers: {}, form: { token }, signal: soon() });
      }

      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
    });

    it('repeats a request once if the connection was closed while idle', async () => {
      const send = createFormPost(server.url);
      await send({ headers: {}, form: { token: 'a' }, signal: soon() });
      server.closeIdleConnections();

      const answer = await send({ headers: {}, form: { token: 'b' }, signal: soon() });

      expect(answer.status).toBe(200);
      expect(server.requests.map(({ body, connection }) => [body, connection])).toEqual([
        ['token=a', 1],
        ['token=b', 2],
      ]);
    });

    it('repeats a request on a new connection if the old one resets under it', async () => {
      const send = createFormPost(server.url);
      await send({ headers: {}, form: { token: 'a' }, signal: soon() });
      server.answer((response, { connection }) => {
        if (connection === 1) response.destroy();
        else response.end('answer');
      });

      const answer = await send({ headers: {}, form: { token: 'b' }, signal: soon() });

      expect(answer.status).toBe(200);
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    });

    it('gives up if the new connection resets too', async () => {
      const send = createFormPost(server.url);
      await send({ headers: {}, form: { token: 'a' }, signal: soon() });
      server.answer((response) => {
        response.destroy();
      });

      await expect(
        send({ headers: {}, form: { token: 'b' }, signal: soon() }),
      ).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(server.requests).toHaveLength(3);
    });

    it('does not repeat a request whose deadline passed', async () => {
      const send = createFormPost(server.url);
      await send({ headers: {}, form: { token: 'a' }, signal: soon() });
      server.answer(() => undefined);

      const late = send({ headers: {}, form: { token: 'b' }, signal: AbortSignal.timeout(50) });

      await expect(late).rejects.toThrow();
      expect(server.requests).toHaveLength(2);
    });
  });

  it('does not repeat a request on a connection of its own', async () => {
    server.answer((response) => {
      response.destroy();
    });

    await expect(post()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(server.requests).toHaveLength(1);
  });

  it('fails if nothing listens', async () => {
    await expect(post(await deserted())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('fails if the answer breaks off', async () => {
    server.answer((response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('part');
      setTimeout(() => response.destroy(), 20);
    });

    await expect(post()).rejects.toThrow();
  });

  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['a malformed chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
    ],
    ['endless headers', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`],
  ])('fails at once if the answer is %s', async (_, bytes) => {
    const raw = await startRawServer(bytes);
    const signal = soon();

    await expect(post(raw.url, signal)).rejects.toThrow();
    expect(signal.aborted).toBe(false);
    await raw.close();
  });

  it('refuses a server without TLS where the URL asks for TLS', async () => {
    const url = new URL(server.url);
    url.protocol = 'https:';

    await expect(post(url)).rejects.toThrow();
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    ['no header comes', () => undefined],
    [
      'headers come one by one',
      async (response: ServerResponse) => {
        response.writeProcessing();
        await sleep(60);
        response.writeProcessing();
      },
    ],
    [
      'the body does not end',
      async (response: ServerResponse) => {
        for (let count = 0; count < 50 && !response.destroyed; count++) {
          response.write('x');
          await sleep(10);
        }
      },
    ],
  ])('ends at the deadline if %s', async (_, answer) => {
    server.answer(answer);
    const began = performance.now();

    await expect(post(server.url, AbortSignal.timeout(100))).rejects.toThrow();
    expect(performance.now() - began).toBeGreaterThanOrEqual(95);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  it('sends nothing after the deadline', async () => {
    await expect(post(server.url, AbortSignal.abort())).rejects.toThrow();
    expect(server.requests).toHaveLength(0);
  });
});
