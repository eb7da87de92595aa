import { createHash, createHmac } from 'node:crypto';
import { createAwsClient } from '../../../../lambda/io/aws/client';
import { AwsError } from '../../../../lambda/io/aws/errors';
import { DYNAMODB } from '../../../../lambda/io/aws/services';
import { inIdleTime } from '../../../support/idle-time';
import {
  type Answer,
  deserted,
  type ReceivedRequest,
  type StubServer,
  startStubServer,
} from '../../../support/stub-server';

const KEYS = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'session',
};
const TIMEOUT_MS = 1000;
let service: StubServer;

beforeAll(async () => {
  service = await startStubServer('/', () => undefined);
});
beforeEach(() => {
  service.requests.length = 0;
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => service.close());

const create = (environment: Record<string, string> = {}) =>
  createAwsClient({
    service: DYNAMODB,
    targetPrefix: 'DynamoDB_20120810',
    jsonVersion: '1.0',
    timeoutMs: TIMEOUT_MS,
    environment: { ...KEYS, AWS_ENDPOINT_URL: service.url.href, ...environment },
  });
const success: Answer = (response) => void response.end('{"ok":true}');
const failure =
  (status: number, __type: string, more: object = {}): Answer =>
  (response) =>
    void response.writeHead(status).end(JSON.stringify({ __type, ...more }));
/** Answers with each in turn. */
function answers(...all: Answer[]): void {
  service.answer((response, request) => (all.shift() ?? success)(response, request));
}

/** What the signature has to be, from what was received; the key as AWS derives it. */
function isSigned({ headers, body }: ReceivedRequest, secret = 'secret'): boolean {
  const hmac = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const pattern = /^AWS4-HMAC-SHA256 Credential=\w+\/(\S+), SignedHeaders=(\S+), Signature=(\w+)$/;
  const [, scope = '', names = '', signature] = pattern.exec(headers.authorization ?? '') ?? [];
  const fields = names.split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = `POST\n/\n\n${fields.join('')}\n${names}\n${sha256(body)}`;
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const toSign = `AWS4-HMAC-SHA256\n${headers['x-amz-date']}\n${scope}\n${sha256(canonical)}`;
  return names.includes('x-amz-security-token') && hmac(key, toSign).toString('hex') === signature;
}

describe('createAwsClient', () => {
  it('an AWS client signs the operation and returns the response', async () => {
    answers((response) => void response.end('{"Item":{}}'));

    expect(await create()('GetItem', { TableName: 'tøkens' })).toEqual({ Item: {} });
    expect(service.requests).toMatchObject([
      {
        method: 'POST',
        path: '/',
        body: '{"TableName":"tøkens"}',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'content-length': '23',
          'x-amz-target': 'DynamoDB_20120810.GetItem',
          'x-amz-security-token': 'session',
          authorization: expect.stringContaining('/eu-central-1/dynamodb/aws4_request'),
        },
      },
    ]);
    const [request] = service.requests;
    expect(request && isSigned(request)).toBe(true);
    expect(request && isSigned(request, 'another')).toBe(false);
  });

  it('an AWS client keeps its connection', async () => {
    answers();
    const call = create();
    await call('GetItem', {});
    await call('GetItem', {});

    expect(new Set(service.requests.map(({ connection }) => connection)).size).toBe(1);
  });

  it.each([
    ['com.amazonaws.dynamodb.v20120810#ValidationException', { message: 'no such thing' }],
    ['ValidationException', { Message: 'no such thing' }],
    ['ValidationException:http://internal.amazon.com/', { message: 'no such thing' }],
  ])('an AWS client throws the error of the service by its name: %s', async (type, more) => {
    answers(failure(400, type, more));

    const error = await create()('PutItem', {}).catch((reason) => reason);

    expect(error).toBeInstanceOf(AwsError);
    expect(error).toMatchObject({
      name: 'ValidationException',
      message: 'no such thing',
      status: 400,
    });
    expect(service.requests).toHaveLength(1);
  });

  it('an AWS client throws an error of its own for a response that is too large', async () => {
    answers((response) => void response.end(JSON.stringify({ x: 'x'.repeat(70_000) })));

    await expect(create()('GetItem', {})).rejects.toMatchObject({
      name: 'HttpError',
      kind: 'response_too_large',
    });
    expect(service.requests).toHaveLength(1);
  });

  it('an AWS client bounds what it quotes of an error, and makes it printable', async () => {
    const hostile = `\x1b[31m${'x'.repeat(10_000)}`;
    answers(failure(400, hostile, { message: hostile }));

    const error = await create()('GetItem', {}).catch((reason) => reason);

    expect(`${error.name} ${error.message}`).toMatch(/^[\x20-\x7e]{1,420}$/);
  });

  it.each<[string, Answer]>([
    ['500', failure(500, 'InternalServerError')],
    ['503', (response) => void response.writeHead(503).end('<html>')],
    ['429', (response) => void response.writeHead(429).end()],
    ['throttling', failure(400, 'x#ThrottlingException')],
    ['a table too busy', failure(400, 'x#ProvisionedThroughputExceededException')],
    ['an account too busy', failure(400, 'x#RequestLimitExceeded')],
    ['a request too many', failure(400, 'TooManyRequestsException')],
    ['a throttled request', failure(400, 'RequestThrottledException')],
    [
      'an error that only a header names',
      (response) =>
        void response
          .writeHead(400, { 'x-amzn-errortype': 'ThrottlingException:http://x' })
          .end('{}'),
    ],
    ['a connection that breaks off', (response) => void response.destroy()],
    ['no response', () => undefined],
  ])('an AWS client repeats a request once after %s', async (_, first) => {
    answers(first);

    expect(await inIdleTime(() => create()('GetItem', {}))).toEqual({ ok: true });
    expect(service.requests).toHaveLength(2);
  });

  it.each([
    ['500', failure(500, 'InternalServerError'), { name: 'InternalServerError', status: 500 }],
    [
      'a body that is not JSON',
      (response) => void response.writeHead(503).end(),
      { name: 'UnknownError', message: 'status 503' },
    ],
    ['silence', () => undefined, { name: 'TimeoutError', code: 'ETIMEDOUT' }],
  ] as [string, Answer, object][])(
    'an AWS client gives up after the second attempt: %s',
    async (_, answer, error) => {
      answers(answer, answer);

      await expect(inIdleTime(() => create()('GetItem', {}))).rejects.toMatchObject(error);
      expect(service.requests).toHaveLength(2);
    },
  );

  it.each<[string, Answer]>([
    ['a request that is wrong', failure(400, 'x#ValidationException')],
    ['a permission that lacks', failure(400, 'x#AccessDeniedException')],
    ['a response that is not JSON', (response) => void response.end('<html>')],
    ['a condition that failed', failure(400, 'x#ConditionalCheckFailedException')],
    ['a signature that is wrong at the right time', failure(400, 'x#InvalidSignatureException')],
  ])('an AWS client does not repeat a request after %s', async (_, answer) => {
    answers(answer);

    await expect(create()('GetItem', {})).rejects.toBeInstanceOf(AwsError);
    expect(service.requests).toHaveLength(1);
  });

  it('an AWS client fails if no server listens', async () => {
    const call = create({ AWS_ENDPOINT_URL: (await deserted()).href });

    await expect(call('GetItem', {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each([-400, 400])(
    'an AWS client uses the clock of AWS if ours is %i s off',
    async (seconds) => {
      const ours = Date.now();
      const theirs = ours + seconds * 1000;
      const skewed: Answer = (response, request) => {
        response.setHeader('date', new Date(theirs).toUTCString());
        failure(400, 'x#InvalidSignatureException')(response, request);
      };
      answers(skewed);
      const call = create();
      const times = () =>
        service.requests.map(({ headers }) => {
          const [date, time] = String(headers['x-amz-date']).split('T');
          const [, h, m, s] = /(..)(..)(..)Z/.exec(time ?? '') ?? [];
          return Date.parse(`${date?.replace(/(....)(..)(..)/, '$1-$2-$3')}T${h}:${m}:${s}Z`);
        });

      expect(await call('GetItem', {})).toEqual({ ok: true });
      expect(await call('GetItem', {})).toEqual({ ok: true });

      const [first = 0, ...later] = times();
      expect(Math.abs(first - ours)).toBeLessThan(100_000);
      expect(later).toHaveLength(2);
      for (const time of later) expect(Math.abs(time - theirs)).toBeLessThan(100_000);
      expect(service.requests.every((request) => isSigned(request))).toBe(true);
    },
  );

  it('an AWS client signs a request again that expired while the environment was frozen', async () => {
    const start = Date.now();
    const thawed = start + 600_000;
    const now = jest.spyOn(Date, 'now').mockReturnValue(start);
    answers((response, request) => {
      now.mockReturnValue(thawed);
      response.setHeader('date', new Date(thawed).toUTCString());
      failure(400, 'InvalidSignatureException', { message: 'Signature expired' })(
        response,
        request,
      );
    });

    expect(await create()('GetItem', {})).toEqual({ ok: true });

    const dates = service.requests.map(({ headers }) => String(headers['x-amz-date']).slice(0, 13));
    const expected = [start, thawed].map((time) =>
      new Date(time).toISOString().replace(/[-:]/g, '').slice(0, 13),
    );
    expect(dates).toEqual(expected);
  });

  it('an AWS client reads the clock of AWS with several requests at once', async () => {
    const theirs = new Date(Date.now() + 3_600_000);
    const times = (headers: ReceivedRequest['headers']) =>
      String(headers['x-amz-date']).slice(0, 11);
    service.answer((response, request) => {
      response.setHeader('date', theirs.toUTCString());
      const wanted = theirs.toISOString().replace(/[-:]/g, '').slice(0, 11);
      if (times(request.headers) === wanted) response.end('{"ok":true}');
      else failure(400, 'x#InvalidSignatureException')(response, request);
    });
    const call = create();

    const answers = await Promise.all(Array.from({ length: 10 }, () => call('GetItem', {})));
    expect(answers).toEqual(answers.map(() => ({ ok: true })));
  });

  it('an AWS client keeps only the first line of an error', async () => {
    answers((response) => {
      const message = `it does not match\nthe canonical request: session-token ${'x'.repeat(500)}`;
      response.writeHead(400).end(JSON.stringify({ __type: 'SignatureDoesNotMatch', message }));
    });

    await expect(create()('GetItem', {})).rejects.toMatchObject({ message: 'it does not match' });
  });

  it('an AWS client ignores a date of AWS that hardly differs or is not a date', async () => {
    for (const date of [new Date(Date.now() + 200_000).toUTCString(), 'never']) {
      service.requests.length = 0;
      answers((response, request) => {
        response.setHeader('date', date);
        failure(400, 'x#RequestExpired')(response, request);
      });

      await expect(create()('GetItem', {})).rejects.toMatchObject({ name: 'RequestExpired' });
      expect(service.requests).toHaveLength(1);
    }
  });

  it('an AWS client uses no credentials that the environment has replaced', async () => {
    answers();
    const environment: Record<string, string> = { ...KEYS, AWS_ENDPOINT_URL: service.url.href };
    const call = createAwsClient({
      ...{ service: DYNAMODB, targetPrefix: 'x', jsonVersion: '1.1', timeoutMs: TIMEOUT_MS },
      environment,
    });
    await call('GetItem', {});
    environment['AWS_SECRET_ACCESS_KEY'] = 'renewed';
    await call('GetItem', {});

    const [before, after] = service.requests;
    expect(before && isSigned(before, 'secret')).toBe(true);
    expect(after && isSigned(after, 'renewed')).toBe(true);
  });
});
