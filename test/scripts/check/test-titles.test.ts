import { testTitleFindings } from '../../../scripts/check/test-titles';

test.each([
  ["it('is denied', () => {});", 'opens with "is"'],
  ["test.each([1])('cannot be %d', () => {});", 'opens with "cannot"'],
  ['it.each<[string]>([])(`has %s`, () => {});', 'opens with "has"'],
  ["test.each([1])('%s', () => {});", 'is only "%s"'],
  ["it.each([{ a: 1 }])('$a', () => {});", 'is only "$a"'],
  ["it('denies whoever asks', () => {});", '"whoever"'],
])('the test title in %j is reported', (code, message) => {
  expect(testTitleFindings('test/a.test.ts', `\n${code}`)).toEqual([
    { file: 'test/a.test.ts', line: 2, message: expect.stringContaining(message) },
  ]);
});

test.each([
  "it('returns 401 for a 204 response', () => {});",
  "describe('a token', () => { it('a token is denied', () => {}); });",
  "describe.each(['a'])('%s', () => {});",
  "split('is it');",
])('the test titles in %j are accepted', (code) => {
  expect(testTitleFindings('test/a.test.ts', code)).toEqual([]);
});
