import type { RequestRecord } from '../../../local/gateway/server';
import { createRequestJournal } from '../../../local/requests/served-request';

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:authorizer';

const record = (changes: Partial<RequestRecord> = {}): RequestRecord => ({
  requestId: 'one',
  receivedAtMs: 0,
  method: 'GET',
  path: '/orders/1',
  status: 200,
  authorizer: 'invoked',
  authorizerCall: { functionArn: `${ARN}:3`, latency: 9, status: 200 },
  durationMs: 12,
  ...changes,
});

const line = (fields: object) =>
  JSON.stringify({
    level: 'INFO',
    message: 'decided',
    api_request_id: 'one',
    function_request_id: 'f',
    ...fields,
  });

test('a request is joined with the decision, the comparison and the introspection of its log line', () => {
  const journal = createRequestJournal();
  journal.readLine(
    ARN,
    line({
      outcome: 'unauthorized',
      source: 'introspection',
      reason: 'issuer_mismatch',
      expected: 'https://a',
      received: 'https://a/',
      IntrospectionLatency: [7],
    }),
  );

  expect(journal.join(record({ status: 401 }))).toMatchObject({
    status: 401,
    source: 'introspection',
    log: {
      reason: 'issuer_mismatch',
      expected: 'https://a',
      received: 'https://a/',
      introspectionsMs: [7],
      warnings: [],
    },
  });
});

test('a request is joined with its fault and its warnings, and not with lines of other requests', () => {
  const journal = createRequestJournal();
  journal.readLine(
    ARN,
    line({ level: 'WARN', message: 'token_cache_failed', operation: 'read', cause: 'Error: x' }),
  );
  journal.readLine(
    ARN,
    line({
      level: 'ERROR',
      message: 'introspection_timed_out: no response',
      code: 'introspection_timed_out',
      advice: 'Check it.',
    }),
  );
  journal.readLine(ARN, line({ api_request_id: 'two', outcome: 'allow', source: 'token_cache' }));

  const { source, log } = journal.join(record({ status: 503 }));

  expect(source).toBeUndefined();
  expect(log).toEqual({
    introspectionsMs: [],
    warnings: ['token_cache_failed read Error: x'],
    fault: {
      code: 'introspection_timed_out',
      message: 'introspection_timed_out: no response',
      advice: 'Check it.',
    },
  });
  expect(journal.join(record({ requestId: 'two' })).source).toBe('token_cache');
});

test('a request without a line was decided by the memory cache of a function that logged before', () => {
  const journal = createRequestJournal();
  expect(journal.join(record()).source).toBeUndefined();

  journal.readLine(ARN, line({ outcome: 'allow', source: 'introspection' }));
  journal.join(record());

  expect(journal.join(record({ requestId: 'two' })).source).toBe('memory');
  expect(
    journal.join(
      record({
        authorizerCall: {
          functionArn: 'arn:aws:lambda:a:1:function:other',
          latency: 1,
          status: 200,
        },
      }),
    ).source,
  ).toBeUndefined();
});

test('a request that the result cache served has it as the source', () => {
  const { authorizerCall: _, ...cached } = record({ authorizer: 'cached' });

  expect(createRequestJournal().join(cached).source).toBe('result_cache');
});

test.each([
  ['text', 'hello'],
  ['JSON of another function', '{"level":"INFO","message":"hello"}'],
  ['a truncated line', '{"level":'],
])('a line that is %s is not about a request', (_title, text) => {
  const journal = createRequestJournal();
  journal.readLine(ARN, text);

  expect(journal.join(record()).log).toEqual({ introspectionsMs: [], warnings: [] });
});
