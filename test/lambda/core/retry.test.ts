import { type Attempt, pauseBeforeRetry } from '../../../lambda/core/retry';

const LONG = 60_000;

function answered(status: number, headers: Record<string, string> = {}): Attempt {
  return { response: { status, headers, body: Buffer.alloc(0) } };
}
const failed = (code?: unknown): Attempt => ({
  error: Object.assign(new Error('x'), code === undefined ? {} : { code }),
});

describe('pauseBeforeRetry', () => {
  it.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'],
    ...['EAI_AGAIN', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH'],
  ])('a request that failed with %s is repeated after 50 to 100 ms', (code) => {
    expect(pauseBeforeRetry(failed(code), LONG, 0)).toBe(50);
    expect(pauseBeforeRetry(failed(code), LONG, 0.5)).toBe(75);
    expect(pauseBeforeRetry(failed(code), LONG, 1)).toBe(100);
  });

  it.each([
    ['an untrusted certificate', failed('SELF_SIGNED_CERT_IN_CHAIN')],
    ['its deadline', failed('ABORT_ERR')],
    ['a malformed response', failed('HPE_INVALID_CONSTANT')],
    ['a response that we refuse', failed('introspection_response_invalid')],
    ['an error without a code', failed()],
    ['a value that is not an error', { error: { code: 'ECONNRESET' } }],
    ['nothing', { error: undefined }],
  ])('a request that failed with %s is not repeated', (_, attempt) => {
    expect(pauseBeforeRetry(attempt, LONG, 0)).toBeUndefined();
  });

  it.each([502, 503, 504])('a request with the response %i is repeated', (status) => {
    expect(pauseBeforeRetry(answered(status), LONG, 1)).toBe(100);
  });

  it.each([200, 204, 301, 307, 400, 401, 403, 404, 408, 429, 500, 501, 505])(
    'a request with the response %i is not repeated',
    (status) => {
      expect(pauseBeforeRetry(answered(status), LONG, 0)).toBeUndefined();
    },
  );

  it.each([
    ['0', 0],
    ['1', 1000],
    ['59', 59_000],
  ])('the pause after a 429 with Retry-After: %s is at least as long', (seconds, pause) => {
    expect(pauseBeforeRetry(answered(429, { 'retry-after': seconds }), LONG, 0)).toBe(pause);
    expect(pauseBeforeRetry(answered(429, { 'retry-after': seconds }), LONG, 1)).toBe(pause + 50);
  });

  it.each(['', '-1', '1.5', '1e1', 'soon', '1000', ' 1', 'Fri, 31 Dec 1999 23:59:59 GMT'])(
    'a 429 with Retry-After: %j is not waited for',
    (value) => {
      expect(pauseBeforeRetry(answered(429, { 'retry-after': value }), LONG, 0)).toBeUndefined();
    },
  );

  it.each([200, 301, 401, 408, 500])(
    'a request with the response %i and Retry-After: 1 is not repeated',
    (status) => {
      expect(pauseBeforeRetry(answered(status, { 'retry-after': '1' }), LONG, 0)).toBeUndefined();
    },
  );

  it('a request is not repeated if the pause with its jitter would use up the deadline', () => {
    const asked = answered(429, { 'retry-after': '1' });

    expect(pauseBeforeRetry(asked, 1026, 0.5)).toBe(1025);
    expect(pauseBeforeRetry(asked, 1025, 0.5)).toBeUndefined();
    expect(pauseBeforeRetry(failed('ECONNRESET'), 50, 0)).toBeUndefined();
    expect(pauseBeforeRetry(failed('ECONNRESET'), -1, 0)).toBeUndefined();
  });

  it('the Retry-After of a 503 makes no pause longer: the request is repeated once, or not at all', () => {
    expect(pauseBeforeRetry(answered(503, { 'retry-after': '30' }), LONG, 0)).toBe(50);
  });
});
