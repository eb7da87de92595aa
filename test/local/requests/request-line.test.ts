import { styleText } from 'node:util';
import { EMPTY_LOG } from '../../../local/requests/authorizer-log';
import { requestLine } from '../../../local/requests/request-line';
import type { ServedRequest } from '../../../local/requests/served-request';
import { PLAIN } from '../../../terminal/style';

const request = (changes: Partial<ServedRequest> = {}): ServedRequest => ({
  requestId: 'one',
  receivedAtMs: new Date(2026, 10, 27, 9, 15, 3).getTime(),
  method: 'GET',
  path: '/orders/1',
  status: 200,
  authorizer: 'invoked',
  durationMs: 24.4,
  log: EMPTY_LOG,
  ...changes,
});
const line = (changes: Partial<ServedRequest>) => requestLine(request(changes), PLAIN);

test('the line of a denial has the reason, both sides of the comparison and the durations', () => {
  const log = {
    ...EMPTY_LOG,
    outcome: 'unauthorized',
    source: 'introspection',
    reason: 'issuer_mismatch',
    expected: 'https://login.example.com',
    received: 'https://login.example.com/',
    introspectionsMs: [7.2],
  } as const;

  expect(line({ status: 401, source: 'introspection', log })).toBe(
    '09:15:03 GET /orders/1 401 issuer_mismatch  ' +
      'got "https://login.example.com/", expected "https://login.example.com"  introspection 7 ms · 24 ms',
  );
});

test.each([
  ['result_cache', 'result cache · 24 ms'],
  ['memory', 'memory · 24 ms'],
  ['token_cache', 'token cache · 24 ms'],
  ['request', '24 ms'],
  [undefined, '24 ms'],
] as const)('the line of a request decided by %s ends with "%s"', (source, end) => {
  expect(line({ source })).toBe(`09:15:03 GET /orders/1 200  ${end}`);
});

test.each([
  ['identity_source_missing', { authorizer: 'identity-missing' }],
  ['access_denied', { authorizer: 'cached', gatewayResponse: 'ACCESS_DENIED' }],
] as const)('the line of a denial that is not logged has the reason %s', (word, changes) => {
  expect(line({ status: 401, ...changes })).toBe(`09:15:03 GET /orders/1 401 ${word}  24 ms`);
});

test('the cause, advice and warnings of a fault follow its line, within 80 columns', () => {
  const fault = {
    code: 'introspection_unreachable',
    message: 'introspection_unreachable: the request to login.example.com failed',
    advice:
      'Check that the authorization server is up, that its name resolves, and that its certificate is valid.',
    cause: 'Error: connect ECONNREFUSED',
  };
  const warnings = ['token_cache_failed read Error: timeout'];
  const text = line({ status: 503, log: { ...EMPTY_LOG, fault, warnings } });

  expect(text.split('\n')).toEqual([
    '09:15:03 GET /orders/1 503 introspection_unreachable  the request to login.example.com failed  24 ms',
    '         Error: connect ECONNREFUSED',
    '         Check that the authorization server is up, that its name resolves, and',
    '         that its certificate is valid.',
    '         warning: token_cache_failed read Error: timeout',
  ]);
});

describe('the line of a request on a terminal', () => {
  const onTerminal = (changes: Partial<ServedRequest>, columns = 80) =>
    requestLine(request(changes), PLAIN, columns).split('\n');
  const mismatch = (received: string, expected: string) => ({
    status: 401,
    source: 'introspection' as const,
    log: { ...EMPTY_LOG, reason: 'issuer_mismatch', expected, received, introspectionsMs: [7.2] },
  });

  test('the comparison follows the line of a request that is longer than the terminal', () => {
    expect(onTerminal(mismatch('https://login.example.com/', 'https://login.example.com'))).toEqual(
      [
        '09:15:03 GET /orders/1 401 issuer_mismatch  introspection 7 ms · 24 ms',
        '         got "https://login.example.com/", expected "https://login.example.com"',
      ],
    );
  });

  test('long values of a comparison have lines of their own, and keep their start and end', () => {
    const realm = `https://login.example.com/realms/${'shop-'.repeat(12)}`;
    const [, got, value, expected] = onTerminal(mismatch(`${realm}orders/`, `${realm}orders`));

    expect(got).toMatch(/^ {9}got$/);
    expect(value).toMatch(/^ {9}"https:.*….*orders\/",?$/);
    expect(expected).toMatch(/^ {9}expected$/);
  });

  test('a long path is shortened in its middle, so that status, reason and time are visible', () => {
    const path = `/orders/${'1'.repeat(100)}/items`;

    expect(onTerminal({ path })).toEqual([
      '09:15:03 GET /orders/11111111111111111111…111111111111111111111/items 200  24 ms',
    ]);
    expect(line({ path })).toContain(path);
  });

  test('a long reason follows the line of a request, if it leaves no room for the path', () => {
    const log = {
      ...EMPTY_LOG,
      reason: 'introspection_response_invalid',
      introspectionsMs: [1500],
    };

    expect(onTerminal({ method: 'DELETE', path: '/orders/1234567890', status: 503, log })).toEqual([
      '09:15:03 DELETE /orders/1234567890 503  introspection 1500 ms · 24 ms',
      '         introspection_response_invalid',
    ]);
  });

  test.each([60, 80, 120])('no line of a request exceeds %d columns', (columns) => {
    const path = `/${'a'.repeat(300)}`;
    const log = {
      ...EMPTY_LOG,
      reason: 'token_expired',
      expected: 'b'.repeat(200),
      received: 'c d '.repeat(60),
    };
    const lines = onTerminal({ path, status: 401, log }, columns);

    expect(Math.max(...lines.map((it) => it.length))).toBeLessThanOrEqual(columns);
  });
});

test('a fault of the gateway is in the line', () => {
  const fault = 'connect ECONNREFUSED 127.0.0.1:9';

  expect(line({ status: 504, gatewayResponse: 'INTEGRATION_FAILURE', fault })).toBe(
    `09:15:03 GET /orders/1 504 integration_failure  ${fault}  24 ms`,
  );
});

test('characters of a path that a terminal interprets are encoded', () => {
  expect(line({ path: '/a\u001b[2Jé' })).toContain('GET /a%1B[2J%C3%A9 200');
});

test.each([
  [200, 'green'],
  [403, 'yellow'],
  [503, 'red'],
] as const)('status %i is %s where colors are shown', (status, color) => {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    styleText(format, text, { validateStream: false });

  expect(requestLine(request({ status }), style)).toContain(style(color, String(status)));
  expect(line({ status })).not.toContain('\u001b');
});

test('line breaks of a fault are not in its line, and break its advice', () => {
  const advice = 'First this.\nThen that.';
  const fault = { code: 'invalid', message: 'invalid: one\n  two', advice, cause: undefined };

  const text = line({ status: 500, log: { ...EMPTY_LOG, fault } as never });

  expect(text.split('\n')).toEqual([
    '09:15:03 GET /orders/1 500 invalid  one two  24 ms',
    '         First this.',
    '         Then that.',
  ]);
});
