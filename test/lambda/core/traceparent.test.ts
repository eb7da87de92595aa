import { readTraceparent } from '../../../lambda/core/traceparent';

const VALID = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const LATER = VALID.replace('00-', 'cc-');
const ZERO_PARENT = `-${'0'.repeat(16)}-`;
const read = (...values: string[]) =>
  readTraceparent({ multiValueHeaders: { TraceParent: values } });

test('a valid traceparent is read, whatever the case of its name', () => {
  expect(read(VALID)).toBe(VALID);
});

test.each([
  ['a trace ID that ends other than with zero', `00-${'0'.repeat(31)}1-00f067aa0ba902b7-01`],
  ['a trace ID that begins other than with zero', `00-1${'0'.repeat(31)}-00f067aa0ba902b7-01`],
  ['a parent ID that ends other than with zero', `00-${'a'.repeat(32)}-${'0'.repeat(15)}1-01`],
  ['a parent ID that begins other than with zero', `00-${'a'.repeat(32)}-1${'0'.repeat(15)}-01`],
  ['no flags', VALID.replace(/01$/, '00')],
  ['all flags', VALID.replace(/01$/, 'ff')],
  ['version 01', VALID.replace('00-', '01-')],
  ['version fe', VALID.replace('00-', 'fe-')],
  ['version f0', VALID.replace('00-', 'f0-')],
  ['version 0f', VALID.replace('00-', '0f-')],
])('a traceparent with %s is read', (_, value) => {
  expect(read(value)).toBe(value);
});

test.each([
  ['a later version', LATER],
  ['a later version with an empty part', `${LATER}-`],
  ['a later version with more parts', `${LATER}-${'x"\\'.repeat(1000)}`],
])('a traceparent of %s is bounded to the parts of version 00', (_, value) => {
  expect(read(value)).toBe(LATER);
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
  ['of version 00 with an empty part', [`${VALID}-`]],
  ['of a later version and too long', [`${LATER}0`]],
  ['of a later version and too short', [LATER.slice(0, -1)]],
  ['of a later version with a line break in a later part', [`${LATER}-a\nb`]],
  ['of a later version without a trace ID', [LATER.replace(/[0-9a-f]{32}/, '0'.repeat(32))]],
  ['of a later version without a parent ID', [LATER.replace(/-00f0[0-9a-f]{12}-/, ZERO_PARENT)]],
  ['of a later version and preceded by a space', [` ${LATER}`]],
  ['of a version in upper case', [VALID.replace('00-', 'CC-')]],
  ['of a version of one digit', [VALID.slice(1)]],
  ['of a trace ID in upper case', [VALID.replace('4bf9', '4BF9')]],
  ['of a parent ID in upper case', [VALID.replace('00f0', '00F0')]],
  ['of flags in upper case', [VALID.replace(/01$/, 'FF')]],
  ['of a letter that is not a digit', [VALID.replace('4bf9', '4bg9')]],
  ['of a trace ID that is too short', [VALID.replace('4bf9', '4bf')]],
  ['of a parent ID that is too short', [VALID.replace('00f0', '00f')]],
  ['of underscores', [VALID.replaceAll('-', '_')]],
  ['preceded by a space', [` ${VALID}`]],
  ['an attempt to break out of a log line', [`${VALID.slice(0, -2)}"}`]],
])('a traceparent that is %s is ignored', (_, values) => {
  expect(read(...values)).toBeUndefined();
});

test('a request without headers has no traceparent', () => {
  expect(readTraceparent({ headers: null })).toBeUndefined();
});

test('the form of headers that shows repetition is read if a request has both forms', () => {
  const headers = { traceparent: VALID };

  expect(readTraceparent({ headers })).toBe(VALID);
  expect(
    readTraceparent({ headers, multiValueHeaders: { traceparent: [VALID, VALID] } }),
  ).toBeUndefined();
});
