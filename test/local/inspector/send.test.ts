import { createServer, type RequestListener, type Server } from 'node:http';
import { close, listen } from '../../../local/http-server';
import { sendRequest } from '../../../local/inspector/send';

const request = { method: 'GET', target: '/', headers: [], body: Buffer.alloc(0) };
const HOUR_MS = 3_600_000;
let server: Server;
afterEach(() => close(server));

async function serve(listener: RequestListener): Promise<URL> {
  server = createServer(listener);
  return listen(server);
}

test('reads a complete response', async () => {
  const url = await serve((_, response) => response.setHeader('apigw-requestid', 'one').end('{}'));

  expect(await sendRequest(url, request)).toEqual({
    status: 200,
    requestId: 'one',
    isComplete: true,
  });
});

test('closes the connection when a streamed response exceeds the size', async () => {
  const closed = new Promise<void>((resolve) => {
    server = createServer((_, response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024)));
      };
      response.on('drain', write).on('close', resolve);
      write();
    });
  });
  const limits = { maxBytes: 10_000, maxMs: HOUR_MS };

  expect(await sendRequest(await listen(server), request, limits)).toMatchObject({
    status: 200,
    isComplete: false,
  });
  await closed;
});

test('closes the connection when a streamed response takes too long', async () => {
  const url = await serve((_, response) => response.write('data: 1\n\n'));
  const limits = { maxBytes: 10_000, maxMs: 1 };

  expect(await sendRequest(url, request, limits)).toMatchObject({ status: 200, isComplete: false });
});

test('a response that breaks off is not complete', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'Content-Length': '10' });
    response.write('12345', () => response.destroy());
  });

  expect(await sendRequest(url, request)).toMatchObject({ status: 200, isComplete: false });
});
