import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ActionError, stackActions } from '../../../local/inspector/actions';
import type { LocalStack } from '../../../local/stack/local-stack';

const received: (string | undefined)[] = [];
let gateway: Server;
let stack: LocalStack;

beforeAll(async () => {
  gateway = createServer(({ method, url, headers }, response) => {
    received.push(`${method} ${url}`, headers.authorization);
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

const send = async (changes: object) =>
  stackActions(stack)['send']?.({ api: 'Api', method: 'GET', target: '/orders', ...changes });

test('sends a request to the gateway and names its id, without following redirects', async () => {
  expect(await send({ target: '/orders?x=1', authorization: 'Bearer abc' })).toEqual({
    effect: 'GET /orders?x=1 got 302',
    requestId: 'one',
    status: 302,
  });
  expect(received).toEqual(['GET /orders?x=1', 'Bearer abc']);
});

test('sends no Authorization unasked', async () => {
  await send({});

  expect(received).toEqual(['GET /orders', undefined]);
});

test.each([
  ['another origin', { target: '//evil.example/' }],
  ['a complete URL', { target: 'http://evil.example/' }],
  ['an unknown API', { api: 'Other' }],
  ['an unknown method', { method: 'TRACE' }],
  ['an unknown member', { host: 'evil.example' }],
])('rejects a request to %s', async (_, changes) => {
  await expect(send(changes)).rejects.toThrow(ActionError);
  expect(received).toEqual([]);
});

test('the signing keys can be replaced only where there are some', () => {
  const minting = { ...stack, rotatedSecrets: () => ['arn'] } as LocalStack;

  expect(stackActions(stack)).not.toHaveProperty('replace-signing-keys');
  expect(stackActions(minting)).toHaveProperty('replace-signing-keys');
});
