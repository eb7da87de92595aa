import { isJsonObject, isStringList, parseJson, parseJsonObject } from '../../../lambda/core/json';

describe('parseJson', () => {
  it.each([
    ['a value', '[1]', [1]],
    ['a value behind a byte order mark', '\uFEFF[1]', [1]],
    ['text with a byte order mark in it', '"a\uFEFF"', 'a\uFEFF'],
    ['text that is not JSON', '{', undefined],
    ['empty text', '', undefined],
    ['a value behind two byte order marks', '\uFEFF\uFEFF1', undefined],
  ])('parseJson reads %s', (_, text, value) => {
    expect(parseJson(text)).toEqual(value);
  });
});

describe('parseJsonObject', () => {
  it('parseJsonObject reads an object, and nothing else', () => {
    expect(parseJsonObject('{"a":1}')).toEqual({ a: 1 });
    for (const text of ['[]', 'null', '"a"', '1', '{']) {
      expect(parseJsonObject(text)).toBeUndefined();
    }
  });
});

describe('isJsonObject', () => {
  it('isJsonObject accepts objects, and no lists or other values', () => {
    expect([{}, { a: 1 }].every(isJsonObject)).toBe(true);
    expect([[], null, undefined, 'a', 1, true].some(isJsonObject)).toBe(false);
  });
});

describe('isStringList', () => {
  it('isStringList accepts lists of strings, and nothing else', () => {
    expect([[], [''], ['a', 'b']].every(isStringList)).toBe(true);
    expect(['a', null, { 0: 'a' }, [1], ['a', 1], [['a']]].some(isStringList)).toBe(false);
  });
});
