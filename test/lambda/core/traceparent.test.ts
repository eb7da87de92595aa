import { readTraceparent } from '../../../lambda/core/traceparent';

const VALID = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const read = (...values: string[]) =>
  readTraceparent({ multiValueHeaders: { TraceParent: values } });

test('a valid traceparent is read, whatever the case of its name', () => {
  expect(read(VALID)).toBe(VALID);
});

test.each([
  ['a later version', VALID.replace('00-', 'cc-')],
  ['a later version with more parts', `${VALID.replace('00-', 'cc-')}-${'x"\\'.repeat(1000)}`],
])('%s is bounded to the parts of version 00', (_, value) => {
  expect(read(value)).toBe(VALID.replace('00-', 'cc-'));
});

test.each([
  ['absent', []],
  ['repeated', [VALID, VALID]],
  ['joined by a comma', [`${VALID},${VALID}`]],
  ['of version ff', [VALID.replace('00-', 'ff-')]],
  ['of version 00 with more parts', [`${VALID}-x`]],
  ['in upper case', [VALID.toUpperCase()]],
  ['too short', [VALID.slice(0, -1)]],
  ['too long', [`${VALID}0`]],
  ['without a trace ID', [VALID.replace(/[0-9a-f]{32}/, '0'.repeat(32))]],
  ['without a parent ID', [VALID.replace('00f067aa0ba902b7', '0'.repeat(16))]],
  ['followed by a line break', [`${VALID}\n`]],
  ['preceded by a space', [` ${VALID}`]],
  ['an attempt to break out of a log line', [`${VALID.slice(0, -2)}"}`]],
])('a traceparent that is %s is ignored', (_, values) => {
  expect(read(...values)).toBeUndefined();
});

test('a request without headers has no traceparent', () => {
  expect(readTraceparent({ headers: null })).toBeUndefined();
});
