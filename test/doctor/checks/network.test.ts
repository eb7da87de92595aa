import { checkConnection } from '../../../doctor/checks/network';
import { checkUpstream } from '../../../doctor/checks/upstream';
import type { Connection } from '../../../doctor/probes/connection';

const NOW = 1_800_000_000;
const DAY = 86_400;

const connection = (some: Partial<Connection> = {}): Connection => ({
  url: new URL('https://login.example.com/introspect'),
  addresses: ['203.0.113.7'],
  failure: undefined,
  certificateExpiresAt: NOW + 90 * DAY,
  ...some,
});
const check = (
  some: Partial<Connection>,
  privateAdvice: string | undefined = 'Set operations.vpc.',
) => checkConnection(connection(some), { key: 'introspection.endpoint', privateAdvice, now: NOW });

test('a reachable server with a public address has no finding but ok', () => {
  expect(check({})).toEqual([{ status: 'ok', message: 'login.example.com is reachable by TLS' }]);
});

test.each(['10.1.2.3', '172.31.0.1', '192.168.1.1', '100.64.0.1', '169.254.1.1', 'fd00::1'])(
  'a server at the private address %s without a VPC is a warning',
  (address) => {
    expect(check({ addresses: [address] })).toContainEqual({
      status: 'warn',
      message: 'introspection.endpoint: login.example.com has only private addresses',
      advice: 'Set operations.vpc.',
    });
  },
);

test('a private address is not a warning with a VPC, or with a public address too', () => {
  const place = { key: 'introspection.endpoint', privateAdvice: undefined, now: NOW } as const;

  expect(checkConnection(connection({ addresses: ['10.0.0.1'] }), place)).toHaveLength(1);
  expect(check({ addresses: ['10.0.0.1', '203.0.113.7'] })).toHaveLength(1);
});

test('a certificate that expires within two weeks is a warning', () => {
  expect(check({ certificateExpiresAt: NOW + 3 * DAY })).toContainEqual({
    status: 'warn',
    message: 'the certificate of login.example.com expires in 3 days',
    advice: 'Renew it on the server.',
  });
});

test('an upstream with a private address needs a VPC link', () => {
  expect(checkUpstream(connection({ addresses: ['10.0.0.1'] }), undefined, NOW)).toContainEqual(
    expect.objectContaining({ status: 'warn', advice: expect.stringContaining('VPC link') }),
  );
});

test.each([
  [401, 'ok', 'it refuses a request without a token (401)'],
  [200, 'info', 'it responds 200 to a request without a token'],
  [404, 'ok', 'it responds 404'],
  [502, 'warn', 'it responds 502'],
])('an upstream that responds %i is %s', (status, expected, message) => {
  const response = { status, headers: {}, body: Buffer.alloc(0) };
  const page = { response, sentAt: NOW, receivedAt: NOW };

  expect(checkUpstream(connection(), page, NOW)).toContainEqual(
    expect.objectContaining({ status: expected, message }),
  );
});
