import { EventEmitter, once } from 'node:events';
import { createServer, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { type AwsEndpoint, startAwsEndpoint } from '../../../local/aws/aws-endpoint';
import { close, listen } from '../../../local/http-server';

const hanging = new EventEmitter();

/** Server that responds with its name and what it received, breaks off, or does not respond. */
const service = (name: string) =>
  createServer(async (message, response) => {
    if (message.url === '/broken') {
      response.writeHead(200).write('part', () => response.destroy());
    } else if (message.url === '/hanging') {
      hanging.emit('request', message);
    } else {
      response.end([name, message.method, message.url, await text(message)].join(' '));
    }
  });
const dynamodb = service('dynamodb');
const others = service('others');
const intranet = service('intranet');
let endpoint: AwsEndpoint;
let intranetUrl: URL;

beforeAll(async () => {
  intranetUrl = await listen(intranet);
  endpoint = await startAwsEndpoint({
    services: { dynamodb: await listen(dynamodb) },
    others: await listen(others),
  });
});
afterAll(async () => {
  await endpoint.close();
  await Promise.all([dynamodb, others, intranet].map(close));
});

const signedFor = (name: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${name}/aws4_request, x`,
});

/** Sends a request with a target as it is written, which fetch would normalize. */
function call(path: string, headers: OutgoingHttpHeaders = {}, body = '') {
  const { hostname, port } = endpoint.endpoint;
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    request({ hostname, port, path, method: 'POST', headers, agent: false }, (response) => {
      text(response).then((it) => resolve({ status: response.statusCode, body: it }), reject);
    })
      .on('error', reject)
      .end(body);
  });
}

test('the AWS endpoint passes a request on to the service that it is signed for', async () => {
  expect(await call('/a?b=c', signedFor('dynamodb'), 'x')).toEqual({
    status: 200,
    body: 'dynamodb POST /a?b=c x',
  });
});

test.each(['sqs', 'constructor', '__proto__'])(
  'the AWS endpoint passes a request for the service %s to that of all others',
  async (name) => {
    expect((await call('/', signedFor(name))).body).toBe('others POST / ');
  },
);

test('the AWS endpoint relays no request to the host that its target names', async () => {
  for (const path of [`//${intranetUrl.host}/secret`, `${intranetUrl.origin}/secret`]) {
    expect((await call(path, signedFor('dynamodb'))).body).toBe(`dynamodb POST ${path} `);
  }
});

test.each(['//', '///', 'http://', '*', '/%'])(
  'the AWS endpoint passes on the target %s, which is not a URL',
  async (path) => {
    expect((await call(path)).body).toBe(`others POST ${path} `);
  },
);

test.each([
  ['for a host name that was rebound', { host: 'attacker.example:9430' }, 421],
  ['of a page of another origin', { origin: 'https://attacker.example' }, 403],
  ['of a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
])('the AWS endpoint rejects a request %s', async (_, headers, status) => {
  const response = await call('/', { ...signedFor('dynamodb'), ...headers });

  expect(response.status).toBe(status);
  expect(response.body).not.toContain('dynamodb');
});

test('a response that breaks off breaks off at the AWS endpoint, which goes on', async () => {
  await expect(call('/broken')).rejects.toMatchObject({ code: 'ECONNRESET' });

  expect((await call('/')).status).toBe(200);
});

test('the AWS endpoint ends the request to a service when its client is gone', async () => {
  const arrived = once(hanging, 'request');
  const { hostname, port } = endpoint.endpoint;
  const client = request({ hostname, port, path: '/hanging', agent: false }).end();
  client.on('error', () => undefined);
  const [message] = await arrived;
  const closed = once(message.socket, 'close');

  client.destroy();

  await expect(closed).resolves.toBeDefined();
});

test('the AWS endpoint responds 502 for a service that does not run', async () => {
  const stopped = createServer();
  const at = await listen(stopped);
  await close(stopped);
  const other = await startAwsEndpoint({ services: {}, others: at });
  const response = await fetch(other.endpoint);

  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ __type: 'ServiceUnavailable' });
  await other.close();
});
