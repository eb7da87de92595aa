import { createHttpClient } from '../../../lambda/io/http/client';
import { createDocumentHandler } from '../../../lambda/key-set/documents';
import { metadataDocuments } from '../../../lambda/key-set/metadata-documents';
import { startStubServer } from '../../support/stub-server';

const PATH = '/.well-known/oauth-authorization-server';
const METADATA = {
  issuer: 'https://login.example.com',
  token_endpoint: 'https://login.example.com/t',
};

/** Serves the metadata of an authorization server that responds as given. */
async function serving(respond: (count: number) => { status?: number; body: string }) {
  let count = 0;
  const server = await startStubServer('/metadata', (response) => {
    count += 1;
    const { status = 200, body } = respond(count);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body);
  });
  let now = 0;
  const documents = metadataDocuments(
    { AUTHORIZATION_SERVER_METADATA: server.url.href },
    { send: createHttpClient(), now: () => now },
  );
  if (documents === undefined) throw new Error('there are no documents');
  const handler = createDocumentHandler(documents);
  return {
    get: async () => JSON.parse((await handler({ resource: PATH })).body),
    wait: (seconds: number) => {
      now += seconds;
    },
    requests: () => count,
    close: () => server.close(),
  };
}

test('the metadata of the authorization server is served as it is, and fetched once a minute', async () => {
  const served = await serving(() => ({ body: JSON.stringify(METADATA) }));
  try {
    expect(await served.get()).toEqual(METADATA);
    expect(await served.get()).toEqual(METADATA);
    expect(served.requests()).toBe(1);
    served.wait(60);
    expect(await served.get()).toEqual(METADATA);
    expect(served.requests()).toBe(2);
  } finally {
    await served.close();
  }
});

test('former metadata is served while the authorization server fails', async () => {
  const served = await serving((count) =>
    count === 1 ? { body: JSON.stringify(METADATA) } : { status: 500, body: '{}' },
  );
  try {
    await served.get();
    served.wait(60);
    expect(await served.get()).toEqual(METADATA);
    expect(served.requests()).toBe(2);
  } finally {
    await served.close();
  }
});

test.each([
  ['an error', { status: 503, body: JSON.stringify(METADATA) }],
  ['a redirect', { status: 302, body: '' }],
  ['a page', { body: '<html></html>' }],
  ['a document without an issuer', { body: '{}' }],
])('%s in place of the metadata is not served', async (_, response) => {
  const served = await serving(() => response);
  try {
    await expect(served.get()).rejects.toThrow(/must return metadata with an issuer/);
  } finally {
    await served.close();
  }
});

test('a request to the authorization server is aborted after two seconds', async () => {
  jest.useFakeTimers();
  try {
    let aborted = 0;
    const documents = metadataDocuments(
      { AUTHORIZATION_SERVER_METADATA: 'https://login.example.com/metadata' },
      {
        send: (_, { signal }) =>
          new Promise((_, reject) => {
            signal?.addEventListener('abort', () => {
              aborted += 1;
              reject(signal.reason);
            });
          }),
        now: () => 0,
      },
    );
    const failure = createDocumentHandler(documents ?? {})({ resource: PATH }).catch(
      (error: unknown) => error,
    );

    jest.advanceTimersByTime(1999);
    expect(aborted).toBe(0);
    jest.advanceTimersByTime(1);
    expect(aborted).toBe(1);
    expect(await failure).toEqual(new Error('not done within 2000 ms'));
  } finally {
    jest.useRealTimers();
  }
});

test('an authorization server that hangs is asked once for all requests of five seconds', async () => {
  let now = 0;
  const sent: (AbortSignal | undefined)[] = [];
  const documents = metadataDocuments(
    { AUTHORIZATION_SERVER_METADATA: 'https://login.example.com/metadata' },
    {
      send: async (_, { signal }) => {
        sent.push(signal);
        throw new Error('no response');
      },
      now: () => now,
    },
  );
  const handler = createDocumentHandler(documents ?? {});
  const get = () => handler({ resource: PATH });

  for (const at of [0, 1, 4.999]) {
    now = at;
    await expect(get()).rejects.toThrow('no response');
  }
  expect(sent).toEqual([expect.any(AbortSignal)]);
  now = 5;
  await expect(get()).rejects.toThrow('no response');
  expect(sent).toHaveLength(2);
});

test('documents are served as they are configured, and so are preflight requests for them', async () => {
  const document = { resource: 'https://mcp.example.com' };
  const documents = metadataDocuments(
    { METADATA_DOCUMENTS: JSON.stringify({ '/a': document }) },
    { send: createHttpClient(), now: () => 0 },
  );
  const handler = createDocumentHandler(documents ?? {});

  expect(await handler({ resource: '/a', httpMethod: 'GET' })).toMatchObject({
    statusCode: 200,
    headers: { 'Access-Control-Allow-Origin': '*' },
    body: JSON.stringify(document),
  });
  expect(await handler({ resource: '/a', httpMethod: 'OPTIONS' })).toMatchObject({
    statusCode: 204,
    headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' },
  });
});

test('a function without metadata in its environment serves none', () => {
  expect(metadataDocuments({}, { send: createHttpClient(), now: () => 0 })).toBeUndefined();
});
