import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ActionError, stackActions } from '../../../local/inspector/actions';
import { createSentRequests } from '../../../local/inspector/sent-requests';
import type { LocalStack } from '../../../local/stack/local-stack';
import type { ServedExchange } from '../../../local/stack/stack-observer';

const received: (string | undefined)[] = [];
let latest: { headers: string[]; body: string };
let gateway: Server;
let stack: LocalStack;

beforeAll(async () => {
  gateway = createServer(async (request, response) => {
    const { method, url, headers, rawHeaders } = request;
    received.push(`${method} ${url}`, headers.authorization);
    latest = { headers: rawHeaders, body: Buffer.concat(await request.toArray()).toString() };
    response.writeHead(302, { location: 'http://127.0.0.1:1/', 'x-amzn-RequestId': 'one' }).end();
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(gateway.address() as AddressInfo).port}`);
  stack = {
    apis: [{ name: 'Api', url, stage: 'prod', routes: [] }],
    rotatedSecrets: () => [],
  } as unknown as LocalStack;
});
afterAll(() => {
  gateway.closeAllConnections();
  gateway.close();
});
beforeEach(() => {
  received.length = 0;
});

const sentRequests = createSentRequests();
const perform = async (name: string, input: unknown) =>
  stackActions(stack, sentRequests)[name]?.(input);
const send = (changes: object) =>
  perform('send', { api: 'Api', method: 'GET', target: '/orders', ...changes });

test('the inspector sends a request to the gateway and names its id, without following redirects', async () => {
  expect(await send({ target: '/orders?x=1', authorization: 'Bearer abc' })).toEqual({
    effect: 'GET /orders?x=1 got 302',
    requestId: 'one',
    status: 302,
  });
  expect(received).toEqual(['GET /orders?x=1', 'Bearer abc']);
});

test('the inspector sends POST without a body with its length', async () => {
  await send({ method: 'POST' });

  expect(latest.headers.slice(2)).toEqual(['Content-Length', '0', 'Connection', 'close']);
});

test('the inspector sends no Authorization header unless it is given', async () => {
  await send({});

  expect(received).toEqual(['GET /orders', undefined]);
});

test.each([
  ['a complete URL', { target: 'http://evil.example/' }],
  ['a path with a space', { target: '/a b' }],
  ['an unknown API', { api: 'Other' }],
  ['an unknown method', { method: 'TRACE' }],
  ['an unknown member', { host: 'evil.example' }],
])('the inspector rejects a request with %s', async (_, changes) => {
  await expect(send(changes)).rejects.toThrow(ActionError);
  expect(received).toEqual([]);
});

test('the signing keys can be replaced only where there are some', () => {
  const minting = { ...stack, rotatedSecrets: () => ['arn'] } as LocalStack;

  expect(stackActions(stack, sentRequests)).not.toHaveProperty('replace-signing-keys');
  expect(stackActions(minting, sentRequests)).toHaveProperty('replace-signing-keys');
});

test.each(['//other.example/', '/a/../b', '/%2e%2e/b?x=../y', '//'])(
  'the inspector sends the path %s to the gateway as it is',
  async (target) => {
    await send({ target });

    expect(received).toEqual([`GET ${target}`, undefined]);
  },
);

describe('sending a request again', () => {
  const record = (requestId: string, changes: object = {}) =>
    sentRequests.record({
      api: 'Api',
      record: { requestId },
      request: {
        method: 'POST',
        sentPath: '/a/../mcp',
        query: 'x=1',
        headers: [
          ['Host', 'api.example.com'],
          ['Authorization', 'DPoP abc'],
          ['DPoP', 'proof'],
          ['Mcp-Method', 'tools/call'],
          ['X-Many', '1'],
          ['X-Many', '2'],
          ['Connection', 'keep-alive'],
          ['Transfer-Encoding', 'chunked'],
        ],
        body: Buffer.from('{"a":1}'),
        ...changes,
      },
    } as unknown as ServedExchange);

  it('a request that is sent again has method, path, headers and body of the first one', async () => {
    record('first');

    expect(await perform('send-again', { id: 'first' })).toMatchObject({ requestId: 'one' });
    expect(received).toEqual(['POST /a/../mcp?x=1', 'DPoP abc']);
    expect(latest).toEqual({
      headers: [
        ...['Host', 'api.example.com', 'Authorization', 'DPoP abc', 'DPoP', 'proof'],
        ...['Mcp-Method', 'tools/call', 'X-Many', '1', 'X-Many', '2'],
        ...['Content-Length', '7', 'Connection', 'close'],
      ],
      body: '{"a":1}',
    });
  });

  it('a body that is too large is not kept, and such a request not sent again', async () => {
    record('large', { body: Buffer.alloc(64 * 1024 + 1) });

    expect(sentRequests.find('large')?.body).toBeUndefined();
    await expect(perform('send-again', { id: 'large' })).rejects.toThrow(/exceeds 64 KB/);
    expect(received).toEqual([]);
  });

  it('the latest 200 requests can be sent again', async () => {
    for (const id of Array(201).keys()) record(String(id));

    expect(sentRequests.find('0')).toBeUndefined();
    expect(sentRequests.find('200')).toBeDefined();
    await expect(perform('send-again', { id: '0' })).rejects.toThrow(ActionError);
  });
});
