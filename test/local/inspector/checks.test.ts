import { checksOf } from '../../../local/inspector/events/checks';
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
