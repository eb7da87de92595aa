import type { DenialReason } from '../../../lambda/core/decision';
import { CHECKS, checksOf, SENDER } from '../../../local/inspector/events/checks';
import { EMPTY_LOG } from '../../../local/requests/authorizer-log';

const requirements = {
  issuer: 'https://login.example.com',
  audience: ['orders-api'],
  scopes: [['read']],
  senderConstraint: 'refuse',
};
const claims = { iss: 'https://login.example.com', aud: 'orders-api', scope: 'read', exp: 60 };

const verdicts = (checks: ReturnType<typeof checksOf>) =>
  Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));

test('all checks of an allowed request have passed, with both values', () => {
  const checks = checksOf({ log: EMPTY_LOG, source: 'memory' }, requirements, claims);

  expect(new Set(Object.values(verdicts(checks)))).toEqual(new Set(['passed', 'off']));
  expect(checks.find(({ name }) => name === 'audience')).toEqual({
    name: 'audience',
    verdict: 'passed',
    expected: 'orders-api',
    received: 'orders-api',
  });
});

test('checks after the one that failed are not reached', () => {
  const log = {
    ...EMPTY_LOG,
    reason: 'issuer_mismatch',
    expected: 'https://a',
    received: 'https://b',
  };
  const checks = checksOf({ log, source: 'introspection' }, requirements, claims);

  expect(verdicts(checks)).toMatchObject({
    expiry: 'passed',
    issuer: 'failed',
    audience: 'unreached',
    scope: 'unreached',
  });
  expect(checks.find(({ name }) => name === 'issuer')).toMatchObject({
    expected: 'https://a',
    received: 'https://b',
  });
});

test('checks that are not configured are off', () => {
  const checks = checksOf(
    { log: EMPTY_LOG, source: 'memory' },
    { senderConstraint: 'refuse' },
    claims,
  );

  expect(verdicts(checks)).toMatchObject({ issuer: 'off', audience: 'off', signature: 'off' });
});

test('a sender that can be accepted is verified before the claims', () => {
  const log = { ...EMPTY_LOG, reason: 'dpop_proof_missing' };
  const accepting = { ...requirements, senderConstraint: 'accept' };

  expect(verdicts(checksOf({ log, source: 'introspection' }, accepting, claims))).toMatchObject({
    active: 'passed',
    sender: 'failed',
    expiry: 'unreached',
  });
});

test('after a fault only the credential has passed', () => {
  const fault = { code: 'introspection_unreachable', message: '' };
  const checks = checksOf({ log: { ...EMPTY_LOG, fault } }, requirements, {});

  expect(verdicts(checks)).toMatchObject({ credential: 'passed', active: 'unreached' });
});

test('a request without a decision of the authorizer has no checks', () => {
  expect(checksOf({ log: EMPTY_LOG }, requirements, {})).toEqual([]);
});

/** Every reason of a denial. The compiler reports one that is missing. */
const REASONS: Readonly<Record<DenialReason, true>> = {
  access_token_missing: true,
  credential_malformed: true,
  token_inactive: true,
  signature_invalid: true,
  token_expired: true,
  token_not_access_token: true,
  token_not_yet_valid: true,
  token_sender_constrained: true,
  token_not_sender_constrained: true,
  credential_scheme_mismatch: true,
  dpop_proof_missing: true,
  dpop_proof_invalid: true,
  dpop_proof_replayed: true,
  client_certificate_missing: true,
  client_certificate_invalid: true,
  client_certificate_mismatch: true,
  issuer_mismatch: true,
  audience_mismatch: true,
  mcp_version_refused: true,
  mcp_header_invalid: true,
  mcp_tool_not_configured: true,
  insufficient_scope: true,
};

test.each(Object.keys(REASONS))('one check has the reason %s', (reason) => {
  const checks = [...CHECKS, SENDER].filter(({ reasons }) => reasons.includes(reason));

  expect(checks).toHaveLength(1);
});

test.each(['mcp_version_refused', 'mcp_header_invalid', 'mcp_tool_not_configured'])(
  'the check of the tool fails for %s, before the scope is reached',
  (reason) => {
    const log = { ...EMPTY_LOG, reason, expected: 'a configured tool', received: 'drop_table' };
    const withTools = { ...requirements, tools: ['get_weather'], tool: 'drop_table' };
    const checks = checksOf({ log, source: 'introspection' }, withTools, claims);

    expect(verdicts(checks)).toMatchObject({
      audience: 'passed',
      tool: 'failed',
      scope: 'unreached',
    });
    expect(checks.find(({ name }) => name === 'tool')).toMatchObject({
      expected: 'a configured tool',
      received: 'drop_table',
    });
  },
);

test('the check of the tool is off unless the route has tools', () => {
  const log = { log: EMPTY_LOG, source: 'memory' } as const;
  const withTools = { ...requirements, tools: ['get_weather', '*'], tool: 'get_weather' };

  expect(verdicts(checksOf(log, requirements, claims))).toMatchObject({ tool: 'off' });
  expect(checksOf(log, withTools, claims)).toContainEqual({
    name: 'tool',
    verdict: 'passed',
    expected: 'get_weather or any',
    received: 'get_weather',
  });
});

test('an expiry beyond the range of dates is shown as a number', () => {
  const checks = checksOf({ log: EMPTY_LOG, source: 'memory' }, requirements, { exp: 1e300 });

  expect(checks.find(({ name }) => name === 'expiry')?.received).toBe('1e+300');
});
