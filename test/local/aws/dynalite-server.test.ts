import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createDynaliteServer, type DynaliteServer } from '../../../local/aws/dynalite-server';
import { listen } from '../../../local/http-server';

const TABLE = {
  TableName: 'tokens',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const SCAN = JSON.stringify({ TableName: 'tokens' });

let database: DynaliteServer;
let url: URL;
beforeEach(async () => {
  database = createDynaliteServer();
  url = await listen(database.server);
  expect((await responseOf(call('CreateTable', JSON.stringify(TABLE)))).statusCode).toBe(200);
});
afterEach(() => database.close());

/** Calls an operation, with the length of a body that can be longer than what is sent. */
function call(operation: string, body: string, length = body.length): ClientRequest {
  const sent = request(url, {
    method: 'POST',
    agent: false,
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=any, SignedHeaders=host, Signature=any',
      'content-length': length,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20261128T000000Z',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    },
  });
  if (body.length === length) sent.end(body);
  else sent.write(body);
  return sent;
}

async function responseOf(sent: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(sent, 'response');
  return response.resume();
}

/** Resolves when the database has received a number of requests, or has read them to the end. */
const received = (number: number, event?: 'end') =>
  new Promise<void>((resolve) => {
    let count = 0;
    const note = () => {
      count += 1;
      if (count === number) resolve();
    };
    database.server.on('request', (it) => (event ? it.once(event, note) : note()));
  });

describe('dynalite server', () => {
  it('a close waits for the responses to the requests that were read, also a second one', async () => {
    const read = received(20, 'end');
    const responses = Array.from({ length: 20 }, () => responseOf(call('Scan', SCAN)));
    await read;

    await Promise.all([database.close(), database.close()]);

    const statuses = (await Promise.all(responses)).map(({ statusCode }) => statusCode);
    expect(statuses).toEqual(Array(20).fill(200));
  });

  it('a close ends a request whose body does not arrive', async () => {
    const arrived = received(1);
    const response = responseOf(call('Scan', SCAN, SCAN.length + 1));
    await arrived;

    await Promise.all([database.close(), expect(response).rejects.toThrow('socket hang up')]);
  });

  it('a close ends the connections of clients that send further requests', async () => {
    const read = received(1, 'end');
    const first = responseOf(call('Scan', SCAN));
    await read;
    const closed = database.close();
    const second = responseOf(call('Scan', SCAN));

    await Promise.all([closed, expect(second).rejects.toThrow()]);
    expect((await first).statusCode).toBe(200);
  });

  it.each([
    ['within its body', SCAN.length + 1],
    ['before its response', SCAN.length],
  ])('a client that ends %s leaves the database running', async (_, length) => {
    const arrived = received(1);
    const sent = call('Scan', SCAN, length).on('error', () => undefined);
    const closed = new Promise((resolve) =>
      database.server.once('connection', (socket) => socket.once('close', resolve)),
    );
    await arrived;

    sent.destroy();
    await closed;

    expect((await responseOf(call('Scan', SCAN))).statusCode).toBe(200);
  });
});
