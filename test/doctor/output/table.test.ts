import { styleText } from 'node:util';
import { combine, fault, info, ok, warn } from '../../../doctor/check';
import { confidentialMembers, redact } from '../../../doctor/output/redact';
import { table } from '../../../doctor/output/table';
import { PLAIN, type Style } from '../../../terminal/style';

const CHECKS = [
  combine('config', [ok('valid')]),
  combine('network', [
    ok('login.example.com is reachable by TLS'),
    fault(
      'introspection.endpoint: the connection to login.example.com failed: ECONNREFUSED',
      'Check host and port of introspection.endpoint, and that the server runs: nothing listens there.',
    ),
    warn('the certificate of login.example.com expires in 3 days', 'Renew it on the server.'),
  ]),
  combine('keys', [info('signatures are verified by the upstream alone')]),
];

test('the table has 80 columns and names status, check, findings and advice', () => {
  expect(table(CHECKS, PLAIN)).toBe(`\
ok     config         valid
fault  network        introspection.endpoint: the connection to
                      login.example.com failed: ECONNREFUSED
                      the certificate of login.example.com expires in 3 days
                      login.example.com is reachable by TLS
                      → Check host and port of introspection.endpoint, and that
                        the server runs: nothing listens there. Renew it on the
                        server.
info   keys           signatures are verified by the upstream alone

1 fault, 1 info, 1 ok`);
});

const colored: Style = (format, text) => styleText(format, text, { validateStream: false });

test('the table has colors on request only', () => {
  const start = '\u001b[';

  expect(table(CHECKS, PLAIN)).not.toContain(start);
  expect(table(CHECKS, colored)).toContain(`${start}31mfault  ${start}39m`);
});

test('a word that is longer than a line is not broken', () => {
  const url = `https://login.example.com/${'x'.repeat(80)}`;

  expect(table([combine('discovery', [ok(`document at ${url}`)])], PLAIN)).toContain(url);
});

test('a check has the worst status of its findings', () => {
  expect(combine('token', [ok('a'), warn('b', 'B.'), info('c')])).toEqual({
    name: 'token',
    status: 'warn',
    message: 'b\nc\na',
    advice: 'B.',
  });
});

test('secrets and tokens are masked wherever a check contains them', () => {
  const secret = JSON.stringify({ client_id: 'gateway-client', client_secret: 'hidden-secret' });
  const checks = [combine('token', [fault('got hidden-secret', 'Remove hidden-secret.')])];

  expect(redact(checks, confidentialMembers(secret))).toEqual([
    { name: 'token', status: 'fault', message: 'got ***', advice: 'Remove ***.' },
  ]);
  expect(confidentialMembers(secret)).not.toContain('gateway-client');
});
