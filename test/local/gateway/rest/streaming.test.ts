import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { limitBandwidth } from '../../../../local/gateway/integrations/rest/bandwidth';
import { createUpstream, StreamError } from '../../../../local/gateway/integrations/upstream';
import { until } from '../../../support/until';
import { serveProxy } from '../support/proxy';
import { request, serve, startUpstream } from '../support/servers';
import { apiTemplate, method, mock, resource, stage } from '../support/template';

const STREAM = { ResponseTransferMode: 'STREAM' };

/** Serves a streaming proxy of an upstream. */
const serveStream = (
  respond: (response: http.ServerResponse) => void,
  integration: object = {},
  extra: object = {},
) => serveProxy(respond, {}, { integration: { ...STREAM, ...integration }, extra });

/** Opens a response and leaves its body unread. */
async function open(url: URL): Promise<http.IncomingMessage> {
  const outgoing = http.get(new URL('/events', url), { agent: false });
  const [response] = (await once(outgoing, 'response')) as [http.IncomingMessage];
  return response;
}

describe('streamed responses of a REST API', () => {
  it('the first event of a stream arrives before the upstream sends the last one', async () => {
    const client = new EventEmitter();
    const { url } = await serveStream(async (response) => {
      response.setHeader('Content-Type', 'text/event-stream');
      response.write('data: first\n\n');
      await once(client, 'received');
      response.end('data: last\n\n');
    });
    const response = await open(url);
    expect(response.headers['content-type']).toBe('text/event-stream');
    const events: string[] = [];
    for await (const chunk of response) {
      events.push(String(chunk));
      client.emit('received');
    }
    expect(events).toEqual(['data: first\n\n', 'data: last\n\n']);
  });

  it('the headers of a stream arrive before its first byte', async () => {
    const client = new EventEmitter();
    const { url } = await serveStream(async (response) => {
      response.writeHead(202, { 'X-Progress': 'started' }).flushHeaders();
      await once(client, 'received');
      response.end('done');
    });
    const response = await open(url);
    expect([response.statusCode, response.headers['x-progress']]).toEqual([202, 'started']);
    client.emit('received');
    expect(String(await once(response, 'data'))).toBe('done');
  });

  it('a client that disconnects during a stream aborts the request to the upstream', async () => {
    const upstream = new EventEmitter();
    const { url, log } = await serveStream((response) => {
      response.once('close', () => upstream.emit('closed', response.writableFinished));
      response.write('data: first\n\n');
    });
    const response = await open(url);
    await once(response, 'data');
    const closed = once(upstream, 'closed');
    response.destroy();
    expect(await closed).toEqual([false]);
    await until(() => log.length > 0);
    expect(log).toEqual([expect.stringMatching(/the client disconnected during the response$/)]);
  });

  it('a client that disconnects before the headers aborts the request to the upstream', async () => {
    const upstream = new EventEmitter();
    const { url } = await serveStream((response) => {
      response.once('close', () => upstream.emit('closed'));
      upstream.emit('called');
    });
    const called = once(upstream, 'called');
    const outgoing = http.get(new URL('/events', url), { agent: false });
    outgoing.on('error', () => {});
    await called;
    const closed = once(upstream, 'closed');
    outgoing.destroy();
    await closed;
  });

  it('a stream that exceeds the timeout of the integration breaks off', async () => {
    const { url, log } = await serveStream((response) => response.write('data: first\n\n'), {
      TimeoutInMillis: 50,
    });
    await expect(text(await open(url))).rejects.toThrow('aborted');
    await until(() => log.length > 0);
    expect(log).toEqual([expect.stringMatching(/the upstream http:\S+ timed out$/)]);
  });

  it('a stream that the upstream does not complete breaks off', async () => {
    const { url, log } = await serveStream((response) =>
      response.write('data: first\n\n', () => response.destroy()),
    );
    await expect(text(await open(url))).rejects.toThrow('aborted');
    await until(() => log.length > 0);
    expect(log).toEqual([
      expect.stringMatching(/the upstream http:\S+ could not be reached or closed the connection$/),
    ]);
  });

  it('a streaming upstream that sends no headers in time gives INTEGRATION_TIMEOUT', async () => {
    const { url, records } = await serveStream(() => {}, { TimeoutInMillis: 50 });
    expect((await request(url, '/events')).status).toBe(504);
    expect(records).toMatchObject([{ gatewayResponse: 'INTEGRATION_TIMEOUT' }]);
  });

  it('the access log of a stream has its mode and the length that was sent', async () => {
    const { url, log } = await serveStream(
      (response) => response.end('data: only\n\n'),
      {},
      {
        Stage: stage({
          AccessLogSetting: {
            DestinationArn: 'arn:aws:logs:::x',
            Format:
              '$context.status $context.integration.responseTransferMode $context.responseLength $context.integration.latency',
          },
        }),
      },
    );
    await request(url, '/events');
    await until(() => log.length > 0);
    expect(log).toEqual([expect.stringMatching(/^200 STREAMED 12 \d+$/)]);
  });

  it('a streamed response can have more than 10 MB', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1);
    const { url } = await serveStream((response) => response.end(body));
    expect((await request(url, '/events')).body).toHaveLength(body.length);
  });
});

describe('limits of streamed responses', () => {
  it('a stream is idle if the upstream sends nothing for the idle timeout', async () => {
    const upstream = createUpstream();
    const { url } = await startUpstream((response) => response.write('data: first\n\n'));
    const response = await upstream.stream(
      {
        ...{ origin: url, method: 'GET', target: '/', headers: [], body: Buffer.alloc(0) },
        timeoutMs: 60_000,
      },
      { idleTimeoutMs: 50, disconnected: new AbortController().signal },
    );
    if (typeof response === 'string') throw new Error(response);
    const received: string[] = [];
    const reading = (async () => {
      for await (const chunk of response.body) received.push(String(chunk));
    })();
    await expect(reading).rejects.toEqual(new StreamError('idle'));
    expect(received).toEqual(['data: first\n\n']);
    upstream.close();
  });

  it('the first 10 MB of a stream are not slowed down, the rest arrives at 2 MB per second', async () => {
    const megabyte = 1024 * 1024;
    const waits: number[] = [];
    async function* chunks() {
      yield Buffer.alloc(9 * megabyte);
      yield Buffer.alloc(2 * megabyte);
      yield Buffer.alloc(megabyte);
    }
    const passed: number[] = [];
    for await (const chunk of limitBandwidth(chunks(), async (ms) => waits.push(ms))) {
      passed.push(chunk.length / megabyte);
    }
    expect(passed).toEqual([9, 2, 1]);
    expect(waits).toEqual([500, 500]);
  });

  it('a timeout of more than 15 minutes is rejected, as by AWS', async () => {
    const integration = { Uri: 'http://127.0.0.1:1/', IntegrationHttpMethod: 'GET' };
    const template = apiTemplate({
      Get: method('', 'GET', { Type: 'HTTP_PROXY', ...integration, TimeoutInMillis: 900_001 }),
    });
    await expect(serve({ template })).rejects.toThrow('Integration.TimeoutInMillis');
  });

  it('a mock that streams gives 501 with the name of the property', async () => {
    const template = apiTemplate({ Get: method('', 'GET', { ...mock('a'), ...STREAM }) });
    const { url } = await serve({ template });
    const { status, body } = await request(url, '/');
    expect(status).toBe(501);
    expect(body).toContain('Integration.ResponseTransferMode');
  });

  it.each([
    ['mode', { Uri: 'arn:aws:apigateway:us-east-1:lambda:path/x', ...STREAM }],
    [
      'URI',
      {
        Uri: 'arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/arn:x/response-streaming-invocations',
      },
    ],
  ])(
    'a function that streams its response, by its %s, gives 501 with its name',
    async (_, more) => {
      const template = apiTemplate({
        Events: resource('events'),
        Get: method('Events', 'GET', { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', ...more }),
      });
      const { url } = await serve({ template });
      expect(await request(url, '/events')).toMatchObject({
        status: 501,
        body: '{"message":"Get: response streaming of a function is not supported in local mode"}',
      });
    },
  );
});
