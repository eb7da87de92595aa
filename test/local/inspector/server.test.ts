import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { ActionError } from '../../../local/inspector/actions';
import { createFeed, type Feed, type Subscriber } from '../../../local/inspector/events/feed';
import { serveInspector } from '../../../local/inspector/server/server';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

const performed: [name: string, input: unknown][] = [];
let feed: Feed;
let server: Awaited<ReturnType<typeof serveInspector>>;

beforeAll(async () => {
  feed = createFeed();
  server = await serveInspector({
    port: 0,
    feed,
    async perform(name, input) {
      if (name === 'fail') throw new ActionError('not now');
      if (name === 'break') throw new Error('with the token abc');
      performed.push([name, input]);
      return { effect: 'done' };
    },
  });
});
afterAll(() => server.close());
beforeEach(() => {
  performed.length = 0;
});

/** Sends a request. `fetch` would set Host and the Fetch metadata itself. */
function send(
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = server.url;
    const outgoing = httpRequest({ hostname, port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    outgoing.on('error', reject).end(body);
  });
}

const post = (path: string, headers: Record<string, string> = {}, body = '{}') =>
  send(path, { method: 'POST', headers: { 'x-inspector': '1', ...headers }, body });

describe('server of the inspector', () => {
  it.each([
    '/',
    '/main.mjs',
    '/view/page.mjs',
    '/style/base.css',
    '/icon.svg',
    '/lit-html/lit-html.js',
  ])('the inspector serves %s', async (path) => {
    const { status, headers, body } = await send(path);

    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^(text\/(html|css|javascript)|image\/svg)/);
    expect(body).not.toBe('');
  });

  it('the inspector serves every module that the page imports', async () => {
    const pending = ['/main.mjs'];
    const seen = new Set<string>();
    for (const path of pending) {
      if (seen.has(path)) continue;
      seen.add(path);
      const { status, body } = await send(path);
      expect([path, status]).toEqual([path, 200]);
      for (const [, from = ''] of body.matchAll(/(?:from|import) ?["']([./][^"']+)["']/g)) {
        pending.push(new URL(from, `http://localhost${path}`).pathname);
      }
    }

    expect(seen.size).toBeGreaterThan(15);
  });

  it.each(['/../server/server.ts', '/package.json', '/%2e%2e/inspector.ts', '/main.mjs?x=1'])(
    'the inspector does not serve %s',
    async (path) => {
      expect((await send(path)).status).toBe(404);
    },
  );

  it('the inspector responds with a policy that allows no inline code, no other origin and no frame', async () => {
    const { headers } = await send('/');
    const policy = String(headers['content-security-policy']);

    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost:1', '[::1]'])(
    'the inspector rejects the host %s, which DNS rebinding can send',
    async (host) => {
      for (const path of ['/', '/events']) {
        expect((await send(path, { headers: { host } })).status).toBe(421);
      }
      expect((await post('/actions/send', { host })).status).toBe(421);
      expect(performed).toEqual([]);
    },
  );

  it('the inspector accepts localhost as its host', async () => {
    const host = `localhost:${server.url.port}`;

    expect((await send('/', { headers: { host } })).status).toBe(200);
  });

  it.each([
    ['without its header', { 'x-inspector': undefined }],
    ['of another origin', { origin: 'https://evil.example' }],
    ['of another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['of an opaque origin', { origin: 'null' }],
    ['that the browser marks as cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['that the browser marks as same-site', { 'sec-fetch-site': 'same-site' }],
  ])('the inspector rejects a change %s', async (_, changed) => {
    const headers = Object.fromEntries(
      Object.entries({ 'x-inspector': '1', ...changed }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>;

    const { status } = await send('/actions/send', { method: 'POST', headers, body: '{}' });

    expect(status).toBe(403);
    expect(performed).toEqual([]);
  });

  it('the inspector rejects the events for a page of another site', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };

    expect((await send('/events', { headers })).status).toBe(403);
  });

  it('the inspector performs an action with its input', async () => {
    const headers = { origin: server.url.origin, 'sec-fetch-site': 'same-origin' };
    const { status, body } = await post('/actions/get-token', headers, '{"application":"a"}');

    expect([status, JSON.parse(body)]).toEqual([200, { effect: 'done' }]);
    expect(performed).toEqual([['get-token', { application: 'a' }]]);
  });

  it('the inspector responds 400 with the sentence of an action that is not possible', async () => {
    const { status, body } = await post('/actions/fail');

    expect([status, JSON.parse(body)]).toEqual([400, { message: 'not now' }]);
  });

  it('the inspector does not quote other errors, which can contain a token', async () => {
    const { status, body } = await post('/actions/break');

    expect([status, body]).toEqual([500, '{"message":"internal error"}']);
  });

  it.each([
    ['text', 'no json'],
    ['a large input', JSON.stringify('x'.repeat(70_000))],
  ])('the inspector responds 400 to %s', async (_, body) => {
    expect((await post('/actions/send', {}, body)).status).toBe(400);
    expect(performed).toEqual([]);
  });

  it.each([
    ['GET', '/actions/send', 'POST'],
    ['POST', '/', 'GET'],
    ['DELETE', '/events', 'GET'],
  ])('the inspector responds 405 to %s %s', async (method, path, allowed) => {
    const { status, headers } = await send(path, { method, headers: { 'x-inspector': '1' } });

    expect([status, headers['allow']]).toEqual([405, allowed]);
  });

  it('the inspector streams the history and then new events', async () => {
    const action = (id: string) =>
      ({ kind: 'action', id, atMs: 0, action: 'fail-table', effect: '' }) as const;
    feed.publish(action('one'));
    const ending = new AbortController();
    const { body, headers } = await fetch(new URL('/events', server.url), {
      signal: ending.signal,
    });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);

    expect(headers.get('content-type')).toBe('text/event-stream');
    expect(await next()).toBe(`data: ${JSON.stringify(action('one'))}\n\n`);
    feed.publish(action('two'));
    expect(await next()).toBe(`data: ${JSON.stringify(action('two'))}\n\n`);
    ending.abort();
  });

  it('the inspector disconnects a page that does not read the events', async () => {
    let publish: Subscriber = () => {};
    let isSubscribed = false;
    const subscribe = (subscriber: Subscriber) => {
      publish = subscriber;
      isSubscribed = true;
      return () => {
        isSubscribed = false;
      };
    };
    const slow = await serveInspector({
      ...{ port: 0, feed: { publish, subscribe }, maxUnsentBytes: 1024 * 1024 },
      perform: async () => ({ effect: '' }),
    });
    const { hostname, port } = slow.url;
    const page = connect(Number(port), hostname).pause();
    page.write(`GET /events HTTP/1.1\r\nHost: ${slow.url.host}\r\n\r\n`);
    while (!isSubscribed) await turn();
    const effect = 'x'.repeat(256 * 1024);
    for (let event = 0; event < 200 && isSubscribed; event += 1) {
      publish({ kind: 'action', id: String(event), atMs: 0, action: 'a', effect });
      await turn();
    }
    page.destroy();
    await slow.close();

    expect(isSubscribed).toBe(false);
  });
});
