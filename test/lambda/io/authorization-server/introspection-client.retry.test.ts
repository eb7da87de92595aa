import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultWith } from '../../../support/faults';
import { inIdleTime } from '../../../support/idle-time';
import {
  inTurn,
  introspectionClient,
  secret,
  status,
  YES,
  yes,
} from '../../../support/introspection';
import {
  type Answer,
  deserted,
  listening,
  type StubServer,
  startStubServer,
  stopped,
} from '../../../support/stub-server';

let server: StubServer;
beforeEach(async () => {
  server = await startStubServer('/introspect', yes);
});
afterEach(() => server.close());

const client = (some: Partial<Parameters<typeof introspectionClient>[0]> = {}) =>
  introspectionClient({ endpoint: server.url, ...some });
const hangUp: Answer = (response) => void response.destroy();
const breakOff: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/jwt', 'content-length': 1000 });
  response.write('eyJ', () => response.destroy());
};
const never: Answer = () => undefined;

describe('createIntrospectionClient retries', () => {
  it.each<[string, Answer]>([
    ['502', status(502)],
    ['503', status(503)],
    ['504', status(504)],
    ['429 with a short Retry-After', status(429, { 'retry-after': '0' })],
    ['nothing and hangs up', hangUp],
    ['a part of it and breaks off', breakOff],
  ])(
    'an introspection is repeated once if the server sends %s, and has the second response',
    async (_, answer) => {
      server.answer(inTurn(answer, yes));

      expect(await inIdleTime(() => client().introspect('abc'))).toMatchObject(YES);
      expect(server.requests.map(({ body }) => body)).toEqual(['token=abc', 'token=abc']);
    },
  );

  it.each<[string, Answer, object]>([
    ['503', status(503), { code: 'introspection_unavailable', status: 503 }],
    [
      '429',
      status(429, { 'retry-after': '0' }),
      { code: 'introspection_unavailable', status: 429 },
    ],
    ['nothing', hangUp, { code: 'introspection_unreachable' }],
  ])(
    'an introspection is repeated no more than once if the server goes on sending %s',
    async (_, answer, fault) => {
      server.answer(answer);

      await expect(inIdleTime(() => client().introspect('abc'))).rejects.toMatchObject(fault);
      expect(server.requests).toHaveLength(2);
    },
  );

  it.each<[string, Answer]>([
    ['429', status(429)],
    ['429 with a long Retry-After', status(429, { 'retry-after': '5' })],
    ['429 with a date', status(429, { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' })],
    ['500', status(500)],
    ['501', status(501)],
    ['400', status(400)],
    ['302', status(302, { location: '/introspect' })],
  ])('an introspection is not repeated if the server sends %s', async (_, answer) => {
    server.answer(inTurn(answer, yes));

    await expect(client().introspect('abc')).rejects.toMatchObject({ name: 'Fault' });
    expect(server.requests).toHaveLength(1);
  });

  it('an introspection is repeated if no server listened at first', async () => {
    const endpoint = await deserted();
    const late = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
    });
    const asked = client({ endpoint }).introspect('abc');
    await sleep(20);
    await new Promise<void>((resolve) => late.listen(Number(endpoint.port), '127.0.0.1', resolve));

    expect(await asked).toMatchObject({ invalid: 'token_inactive' });
    await stopped(late);
  });

  it('an introspection is repeated after a 401 with the current secret, and once more after a 503', async () => {
    server.answer(inTurn(status(401), status(503), yes));

    expect(await client({ current: secret('new') }).introspect('abc')).toMatchObject(YES);
    expect(server.requests).toHaveLength(3);
  });

  it('an introspection of an inactive token is never repeated', async () => {
    server.answer(inTurn(status(204), yes));

    expect(await client().introspect('abc')).toMatchObject({ invalid: 'token_inactive' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('the deadline of createIntrospectionClient', () => {
  it('an introspection beyond its deadline is a fault that names the deadline', () =>
    inIdleTime(async () => {
      server.answer(never);

      await expect(client({ timeoutSeconds: 0.1 }).introspect('abc')).rejects.toEqual(
        faultWith('introspection_timed_out', `${server.url.host} did not respond within 0.1 s`),
      );
      expect(server.requests).toHaveLength(1);
    }));

  it('the deadline of an introspection covers the retry', () =>
    inIdleTime(async () => {
      server.answer(inTurn(status(503), never));
      const began = performance.now();

      await expect(client({ timeoutSeconds: 0.3 }).introspect('abc')).rejects.toEqual(
        faultWith('introspection_timed_out'),
      );
      expect(performance.now() - began).toBeLessThan(5000);
      expect(server.requests).toHaveLength(2);
    }));

  it('the deadline of an introspection covers the second request after a 401', () =>
    inIdleTime(async () => {
      server.answer(inTurn(status(401), never));

      await expect(
        client({ current: secret('new'), timeoutSeconds: 0.3 }).introspect('abc'),
      ).rejects.toEqual(faultWith('introspection_timed_out'));
      expect(server.requests).toHaveLength(2);
    }));

  it('an introspection is not repeated if its deadline leaves no time for it', () =>
    inIdleTime(async () => {
      server.answer(inTurn(status(429, { 'retry-after': '1' }), yes));

      await expect(client({ timeoutSeconds: 0.9 }).introspect('abc')).rejects.toMatchObject({
        status: 429,
      });
      expect(server.requests).toHaveLength(1);
    }));

  it('the deadline of an introspection includes a server that accepts the connection and lets TLS hang', () =>
    inIdleTime(async () => {
      const silent = createServer((socket) => socket.on('error', () => undefined).resume());
      const endpoint = new URL((await listening(silent)).replace('http:', 'https:'));

      await expect(client({ endpoint, timeoutSeconds: 2.5 }).introspect('abc')).rejects.toEqual(
        faultWith('introspection_timed_out', `connecting to ${endpoint.host} timed out`),
      );
      await stopped(silent);
    }));
});

describe('the circuit breaker of createIntrospectionClient', () => {
  it('the circuit to a server opens after three timeouts, and half-opens a little later', () =>
    inIdleTime(async () => {
      server.answer(never);
      const { introspect, clock } = client({ timeoutSeconds: 1 });
      const timedOut = faultWith('introspection_timed_out', `${server.url.host} did not respond`);
      for (const token of ['one', 'two', 'three'])
        await expect(introspect(token)).rejects.toEqual(timedOut);

      server.answer(yes);
      await expect(introspect('abc')).rejects.toEqual(
        faultWith(
          'introspection_timed_out',
          `circuit breaker open after timeouts of ${server.url.host}`,
        ),
      );
      expect(server.requests).toHaveLength(3);

      clock.now += 5;
      expect(await introspect('abc')).toMatchObject(YES);
      expect(await introspect('abc')).toMatchObject(YES);
    }));

  it('the duration of introspections that were sent is reported, and each that the open circuit did not send', () =>
    inIdleTime(async () => {
      server.answer(never);
      const onCompleted = jest.fn();
      const onSkipped = jest.fn();
      const { introspect } = client({ timeoutSeconds: 1, onCompleted, onSkipped });
      for (const token of ['one', 'two', 'three', 'four', 'five'])
        await expect(introspect(token)).rejects.toEqual(faultWith('introspection_timed_out'));

      expect(onSkipped).toHaveBeenCalledTimes(2);
      expect(onCompleted).toHaveBeenCalledTimes(3);
      for (const [milliseconds] of onCompleted.mock.calls)
        expect(milliseconds).toBeGreaterThanOrEqual(1000);
    }));

  it('the circuit to a server does not open because of one token that makes the server hang', () =>
    inIdleTime(async () => {
      server.answer((response, request) =>
        request.body === 'token=bad' ? undefined : yes(response, request),
      );
      const { introspect } = client({ timeoutSeconds: 1 });
      for (let count = 0; count < 5; count++) {
        await expect(introspect('bad')).rejects.toEqual(faultWith('introspection_timed_out'));
      }

      expect(await introspect('abc')).toMatchObject(YES);
      expect(server.requests).toHaveLength(6);
    }));

  it('the circuit to a server does not open if the server responds, whatever the response', () =>
    inIdleTime(async () => {
      server.answer(status(500));
      const { introspect } = client();
      for (let count = 0; count < 5; count++) await introspect('abc').catch(() => undefined);

      expect(server.requests).toHaveLength(5);
    }));
});
