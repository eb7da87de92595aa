import { checkClock } from '../../../doctor/checks/clock';

const NOW = 1_800_000_000;

/** Returns a response of a server whose clock is ahead by so many seconds. */
function reply(ahead: number, headers: Record<string, string> = {}) {
  const date = new Date((NOW + ahead) * 1000).toUTCString();
  const response = { status: 200, headers: { date, ...headers }, body: Buffer.alloc(0) };
  return { response, sentAt: NOW, receivedAt: NOW + 0.5 };
}

test.each([
  [0, 'ok', 'the clocks agree'],
  [5, 'ok', 'the clocks agree'],
  [-6, 'ok', 'the clocks agree'],
  [
    30,
    'warn',
    /^the clock of the authorization server is 30 s ahead of the clock of this machine$/,
  ],
  [-30, 'warn', /29 s behind/],
  [120, 'fault', /120 s ahead of/],
])('a clock that is %i s ahead is %s', (ahead, status, message) => {
  expect(checkClock([reply(ahead)], 60)).toEqual([
    expect.objectContaining({
      status,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    }),
  ]);
});

test('responses of a cache and without a date have no finding about the clock', () => {
  const dateless = { response: { status: 200, headers: {}, body: Buffer.alloc(0) } };

  expect(
    checkClock([reply(3600, { age: '3600' }), { ...dateless, sentAt: NOW, receivedAt: NOW }], 60),
  ).toEqual([{ status: 'info', message: 'no response has a Date header to compare' }]);
});
