import { originOf } from '../../../../local/cli/demo/observation';
import { EMPTY_LOG } from '../../../../local/requests/authorizer-log';
import type { DecisionSource, ServedRequest } from '../../../../local/requests/served-request';

const served = (parts: Partial<ServedRequest>): ServedRequest => ({
  receivedAtMs: 0,
  requestId: 'a',
  method: 'GET',
  path: '/orders/42',
  status: 200,
  authorizer: 'invoked',
  durationMs: 1,
  log: EMPTY_LOG,
  ...parts,
});

it.each<[DecisionSource, string]>([
  ['result_cache', 'result cache'],
  ['token_cache', 'token cache'],
  ['introspection', 'introspection'],
  ['memory', 'memory'],
  ['request', 'request'],
])('the demo shows a decision by the source %s as that of %s', (source, origin) => {
  expect(originOf(served({ source }))).toBe(origin);
});

it('the demo shows a response without a decision as that of the gateway', () => {
  expect(originOf(served({ authorizer: 'none' }))).toBe('gateway');
  expect(originOf(undefined)).toBe('gateway');
});

it('the demo shows an authorizer that failed as a failure', () => {
  expect(originOf(served({ gatewayResponse: 'AUTHORIZER_CONFIGURATION_ERROR' }))).toBe('failure');
});
