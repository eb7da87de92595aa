import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createHttpClient, MAX_RESPONSE_BYTES } from '../../../../lambda/io/http/client';
import { deserted, type StubServer, startStubServer } from '../../../support/stub-server';

let server: StubServer;
beforeEach(async () => {
  server = await startStubServer('/introspect', (response) => {
    response.end('answer');
  });
});
afterEach(() => server.close());

const soon = () => AbortSignal.timeout(5000);
const post = (url = server.url, signal = soon(), send = createHttpClient()) =>
  send(url, { method: 'POST', headers: {}, body: 'token=abc', signal });
/** Posts over the connections of one client. */
function poster() {
  const send = createHttpClient();
  return (body: string, signal = soon()) =>
    send(server.url, { method: 'POST', headers: {}, body, signal });
}

describe('createHttpClient', () => {
  it('posts a body with the given headers and reads the whole response', async () => {
    server.answer((response) => {
      response.writeHead(207, { 'x-one': '1' });
      response.end('answer');
    });

    const answer = await createHttpClient()(server.url, {
      method: 'POST',
      headers: { accept: 'application/jwt', authorization: 'Basic x' },
      body: 'token=é',
      signal: soon(),
    });

    expect(answer).toMatchObject({ status: 207, headers: { 'x-one': '1' } });
    expect(answer.body.toString()).toBe('answer');
    expect(server.requests).toMatchObject([
      {
        method: 'POST',
        path: '/introspect',
        headers: { accept: 'application/jwt', authorization: 'Basic x', 'content-length': '8' },
        body: 'token=é',
      },
    ]);
  });

  it('sends GET without a body', async () => {
    const headers = { accept: 'application/json' };
    await createHttpClient()(server.url, { method: 'GET', headers, signal: soon() });

    expect(server.requests).toMatchObject([{ method: 'GET', body: '', headers }]);
    expect(server.requests[0]?.headers).not.toHaveProperty('content-length');
    expect(server.requests[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it('an HTTP request follows no redirect', async () => {
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

  it('reads a chunked response without content-length', async () => {
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

  it('accepts a response of exactly the maximum length and no longer one', async () => {
    server.answer((response) => {
      response.end(Buffer.alloc(MAX_RESPONSE_BYTES));
    });
    expect((await post()).body).toHaveLength(MAX_RESPONSE_BYTES);

    server.answer((response) => {
      response.end(Buffer.alloc(MAX_RESPONSE_BYTES + 1));
    });
    await expect(post()).rejects.toMatchObject({
      kind: 'response_too_large',
      message: `the response exceeds ${MAX_RESPONSE_BYTES} bytes`,
    });
  });

  it('reads a longer response if the request allows it', async () => {
    server.answer((response) => {
      response.end(Buffer.alloc(MAX_RESPONSE_BYTES + 1));
    });
    const request = { method: 'GET', headers: {}, signal: soon() } as const;

    const answer = await createHttpClient()(server.url, { ...request, maxResponseBytes: 100_000 });
    expect(answer.body).toHaveLength(MAX_RESPONSE_BYTES + 1);
  });

  it('reads a compressed response, up to the same maximum length', async () => {
    const answerWith = (body: Buffer) =>
      server.answer((response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body));
      });

    answerWith(Buffer.alloc(MAX_RESPONSE_BYTES, 'x'));
    expect((await post()).body).toEqual(Buffer.alloc(MAX_RESPONSE_BYTES, 'x'));
    expect(server.requests[0]?.headers).not.toHaveProperty('accept-encoding');

    answerWith(Buffer.alloc(MAX_RESPONSE_BYTES + 1));
    await expect(post()).rejects.toMatchObject({ kind: 'response_malformed' });
  });

  it('stops reading an endless response', async () => {
    let written = 0;
    server.answer(async (response) => {
      while (!response.destroyed && written < 100_000_000) {
        written += 65_536;
        if (!response.write(Buffer.alloc(65_536))) await sleep(1);
      }
      response.end();
    });

    await expect(post()).rejects.toMatchObject({ kind: 'response_too_large' });
    expect(written).toBeLessThan(100_000_000);
  });

  describe('over a kept-alive connection', () => {
    it('sends the next request over a kept-alive connection', async () => {
      const send = poster();
      for (const token of ['a', 'b', 'c']) await send(token);

      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
    });

    it('repeats a request once if the connection was closed while idle', async () => {
      const send = poster();
      await send('a');
      server.closeIdleConnections();

      const answer = await send('b');

      expect(answer.status).toBe(200);
      expect(server.requests.map(({ body, connection }) => [body, connection])).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    });

    it('repeats a request on a new connection if the old one resets under it', async () => {
      const send = poster();
      await send('a');
      server.answer((response, { connection }) => {
        if (connection === 1) response.destroy();
        else response.end('answer');
      });

      const answer = await send('b');

      expect(answer.status).toBe(200);
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    });

    it('a repeated request fails if the new connection resets too', async () => {
      const send = poster();
      await send('a');
      server.answer((response) => {
        response.destroy();
      });

      await expect(send('b')).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(server.requests).toHaveLength(3);
    });

    it('repeats a request on a new connection after 408 on a kept-alive one', async () => {
      const send = poster();
      await send('a');
      server.answer((response, { connection }) => {
        response.writeHead(connection === 1 ? 408 : 200).end('answer');
      });

      expect(await send('b')).toMatchObject({ status: 200 });
      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
    });

    it('returns a 408 that comes on a new connection', async () => {
      server.answer((response) => {
        response.writeHead(408).end();
      });

      expect(await post()).toMatchObject({ status: 408 });
      expect(server.requests).toHaveLength(1);
    });

    it('sends the next request over the same connection after a 204', async () => {
      server.answer((response) => {
        response.writeHead(204).end();
      });
      const send = poster();
      for (const token of ['a', 'b', 'c']) expect(await send(token)).toMatchObject({ status: 204 });

      expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1]);
    });

    it('does not repeat a request whose deadline passed', async () => {
      const send = poster();
      await send('a');
      const deadline = new AbortController();
      server.answer(() => deadline.abort());

      const late = send('b', deadline.signal);

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

  it('an HTTP request fails if no server listens', async () => {
    await expect(post(await deserted())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
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
  ])('an HTTP request ends at the deadline if %s', async (_, answer) => {
    server.answer(answer);
    const began = performance.now();

    await expect(post(server.url, AbortSignal.timeout(100))).rejects.toThrow();
    expect(performance.now() - began).toBeGreaterThanOrEqual(95);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('an HTTP request sends nothing after the deadline', async () => {
    await expect(post(server.url, AbortSignal.abort())).rejects.toThrow();
    expect(server.requests).toHaveLength(0);
  });
});
