import { EMPTY_LOG } from '../../../local/requests/authorizer-log';
import type { LogFormat } from '../../../local/requests/log-format';
import { createRequestLog } from '../../../local/requests/request-log';
import { PLAIN } from '../../../terminal/style';

const DECIDED = JSON.stringify({
  level: 'INFO',
  message: 'decided',
  api_request_id: 'one',
  function_request_id: 'f',
  outcome: 'allow',
});
const METRICS = JSON.stringify({
  level: 'INFO',
  message: 'secret_age',
  _aws: { CloudWatchMetrics: [{ Namespace: 'PhantomTokenAuthorizer' }] },
});
const START_FAILURE = JSON.stringify({
  level: 'ERROR',
  message: 'configuration_invalid: TOKEN_ISSUER is missing',
  advice:
    'The environment variables of the authorizer function are not those that a deployment sets: deploy again.',
  _aws: { CloudWatchMetrics: [{ Namespace: 'PhantomTokenAuthorizer' }] },
});
const DENIAL = 'ERROR Invoke Error {"errorType":"Error","errorMessage":"Unauthorized"}';
const FAULT = 'ERROR Invoke Error {"errorType":"Fault","errorMessage":"x","stack":"x at y"}';
const DEFECT = 'ERROR Invoke Error {"errorType":"TypeError","errorMessage":"x","stack":"x at y"}';
const OWN_METRICS = '{"level":"INFO","_aws":{"CloudWatchMetrics":[{"Namespace":"Orders"}]}}';

function print(format: LogFormat) {
  const lines: string[] = [];
  return { lines, ...createRequestLog(format, (line) => lines.push(line), PLAIN) };
}

test('the pretty log has no function line about a request, no denial and no metrics', () => {
  const { lines, log } = print('pretty');
  for (const line of [DECIDED, METRICS, DENIAL, FAULT]) log(line, 'function');

  expect(lines).toEqual([]);
});

test('the pretty log keeps notices, lines of other functions and defects', () => {
  const { lines, log } = print('pretty');
  for (const line of ['hello', '{"level":"INFO","message":"hi"}', OWN_METRICS, DEFECT]) {
    log(line, 'function');
  }
  log('warning: one');

  expect(lines).toEqual([
    'hello',
    '{"level":"INFO","message":"hi"}',
    OWN_METRICS,
    DEFECT,
    'warning: one',
  ]);
});

test('the pretty log breaks a notice that is longer than the terminal, and no line of a function', () => {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const { log } = createRequestLog('pretty', print, PLAIN, () => 20);
  log('warning: one that is longer\n  of two lines');
  log('hello, this is longer than 20', 'function');

  expect(lines).toEqual([
    'warning: one that is\n  longer\n  of two lines',
    'hello, this is longer than 20',
  ]);
});

test('the pretty log has a failure to start as text within 80 columns', () => {
  const { lines, log } = print('pretty');
  log(START_FAILURE, 'function');

  expect(lines.join('\n').split('\n')).toEqual([
    'error: configuration_invalid: TOKEN_ISSUER is missing',
    '  The environment variables of the authorizer function are not those that a',
    '  deployment sets: deploy again.',
  ]);
});

test('the pretty log has one line for a request, in place of those of the gateway', () => {
  const { lines, log, onRequest } = print('pretty');
  log('{"requestId":"one","status":200}', 'request');
  onRequest?.({
    requestId: 'one',
    receivedAtMs: 0,
    method: 'GET',
    path: '/',
    status: 200,
    authorizer: 'none',
    durationMs: 1,
    log: EMPTY_LOG,
  });

  expect(lines).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d GET \/ 200 {2}1 ms$/)]);
});

test('the JSON log has every line as it was logged, and no line for a request', () => {
  const { lines, log, onRequest } = print('json');
  log(DECIDED, 'function');
  log('{"requestId":"one"}', 'request');
  log('warning: one');

  expect(lines).toEqual([DECIDED, '{"requestId":"one"}', 'warning: one']);
  expect(onRequest).toBeUndefined();
});
