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
  ])('has a request that met %s repeated after 50 to 100 ms', (code) => {
    expect(pauseBeforeRetry(failed(code), LONG, 0)).toBe(50);
    expect(pauseBeforeRetry(failed(code), LONG, 0.5)).toBe(75);
    expect(pauseBeforeRetry(failed(code), LONG, 1)).toBe(100);
  });

  it.each([
    ['an untrusted certificate', failed('SELF_SIGNED_CERT_IN_CHAIN')],
    ['its deadline', failed('ABORT_ERR')],
    ['a malformed answer', failed('HPE_INVALID_CONSTANT')],
    ['an answer of ours to refuse', failed('introspection_response_invalid')],
    ['an error without a code', failed()],
    ['what is no error', { error: { code: 'ECONNRESET' } }],
    ['nothing', { error: undefined }],
  ])('has a request that met %s not repeated', (_, attempt) => {
    expect(pauseBeforeRetry(attempt, LONG, 0)).toBeUndefined();
  });

  it.each([502, 503, 504])('has a request answered with %i repeated', (status) => {
    expect(pauseBeforeRetry(answered(status), LONG, 1)).toBe(100);
  });

  it.each([200, 204, 301, 307, 400, 401, 403, 404, 408, 429, 500, 501, 505])(
    'has a request answered with %i not repeated',
    (status) => {
      expect(pauseBeforeRetry(answered(status), LONG, 0)).toBeUndefined();
    },
  );

  it.each([
    ['0', 0],
    ['1', 1000],
    ['59', 59_000],
  ])('waits, on 429 with Retry-After: %s, at least as long', (seconds, pause) => {
    expect(pauseBeforeRetry(answered(429, { 'retry-after': seconds }), LONG, 0)).toBe(pause);
    expect(pauseBeforeRetry(answered(429, { 'retry-after': seconds }), LONG, 1)).toBe(pause + 50);
  });

  it.each(['', '-1', '1.5', '1e1', 'soon', '1000', ' 1', 'Fri, 31 Dec 1999 23:59:59 GMT'])(
    'does not wait for Retry-After: %j on a 429',
    (value) => {
      expect(pauseBeforeRetry(answered(429, { 'retry-after': value }), LONG, 0)).toBeUndefined();
    },
  );

  it('leaves it where the pause, jitter and all, would use up the deadline', () => {
    const asked = answered(429, { 'retry-after': '1' });

    expect(pauseBeforeRetry(asked, 1026, 0.5)).toBe(1025);
    expect(pauseBeforeRetry(asked, 1025, 0.5)).toBeUndefined();
    expect(pauseBeforeRetry(failed('ECONNRESET'), 50, 0)).toBeUndefined();
    expect(pauseBeforeRetry(failed('ECONNRESET'), -1, 0)).toBeUndefined();
  });

  it('waits no longer on a 503 that asks for it: it is repeated once, or not at all', () => {
    expect(pauseBeforeRetry(answered(503, { 'retry-after': '30' }), LONG, 0)).toBe(50);
  });
});
