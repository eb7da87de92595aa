import { PassThrough } from 'node:stream';
import { showProgress } from '../../terminal/progress';

/** Returns a terminal of 40 columns, and what was written to it. */
function terminal(isTTY = true) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 40 });
  const written: string[] = [];
  stream.setEncoding('utf8').on('data', (text: string) => written.push(text));
  // Colors depend on the environment.
  const text = () => written.join('').replaceAll('\u001b[36m', '').replaceAll('\u001b[39m', '');
  return { stream: stream as unknown as NodeJS.WriteStream, written: text };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('progress on a terminal is one line with the time that has passed, which is removed', () => {
  let nowMs = 0;
  const { stream, written } = terminal();
  const progress = showProgress('Synthesizing', stream, () => nowMs);
  nowMs = 3000;
  jest.advanceTimersByTime(100);
  progress.update('Starting');
  progress.done();

  const clear = '\r\u001b[K';
  expect(written()).toBe(
    `${clear}⠙ Synthesizing …${clear}⠹ Synthesizing … 3 s${clear}⠸ Starting … 3 s${clear}`,
  );
  expect(jest.getTimerCount()).toBe(0);
});

test('progress is no longer than the line of the terminal', () => {
  const { stream, written } = terminal();
  showProgress('x'.repeat(100), stream, () => 0).done();

  const lines = written().split('\r\u001b[K');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(40);
});

test('progress in a pipe prints nothing', () => {
  const { stream, written } = terminal(false);
  const progress = showProgress('Synthesizing', stream, () => 0);
  jest.advanceTimersByTime(5000);
  progress.update('Starting');
  progress.done();

  expect(written()).toBe('');
});
