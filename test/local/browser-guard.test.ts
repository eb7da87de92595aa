import { foreignPageRejection } from '../../local/browser-guard';

const statusOf = (headers: Record<string, string>, server = 'http://127.0.0.1:4000') =>
  foreignPageRejection({ headers }, new URL(server))?.status;

test.each([
  ['a program', { host: '127.0.0.1:4000' }],
  ['a program that uses the name localhost', { host: 'localhost:4000' }],
  ['the address bar of a browser', { host: 'localhost:4000', 'sec-fetch-site': 'none' }],
  [
    'a page of the server',
    {
      host: 'localhost:4000',
      'sec-fetch-site': 'same-origin',
      origin: 'http://localhost:4000',
    },
  ],
])('a server on loopback accepts a request of %s', (_, headers) => {
  expect(statusOf(headers)).toBeUndefined();
});

test.each([
  ['without a host name', {}, 421],
  ['for a host name that was rebound to loopback', { host: 'attacker.example:4000' }, 421],
  ['for another port', { host: '127.0.0.1:4001' }, 421],
  ['of another origin', { host: '127.0.0.1:4000', origin: 'https://attacker.example' }, 403],
  ['of a page without an origin', { host: '127.0.0.1:4000', origin: 'null' }, 403],
  ['of another site', { host: '127.0.0.1:4000', 'sec-fetch-site': 'cross-site' }, 403],
  ['of a page at another port', { host: '127.0.0.1:4000', 'sec-fetch-site': 'same-site' }, 403],
])('a server on loopback rejects a request %s', (_, headers, status) => {
  expect(statusOf(headers)).toBe(status);
});

test('a server on port 80 accepts a Host header without a port', () => {
  expect(statusOf({ host: '127.0.0.1' }, 'http://127.0.0.1:80')).toBeUndefined();
});
