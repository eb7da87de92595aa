import fc from 'fast-check';
import { compare, compareIdentifying } from '../../../lambda/core/comparison';
import { codePoint } from '../../support/code-points';
import { jws } from '../../support/tokens';

const received = (value: Parameters<typeof compare>[1]) => compare('x', value).received;

describe('compare', () => {
  it('a comparison shows both sides as text', () => {
    expect(compare('https://a.example.com', 'https://b.example.com')).toEqual({
      expected: 'https://a.example.com',
      received: 'https://b.example.com',
      identifying: false,
    });
    expect(compareIdentifying('a or b', ['c', 'd'])).toEqual({
      expected: 'a or b',
      received: 'c d',
      identifying: true,
    });
  });

  it.each([
    [1_800_000_000.5, '1800000000.5'],
    [undefined, '(absent)'],
    ['', '(empty)'],
    [[], '(empty)'],
    [[''], '(empty)'],
  ])('a comparison shows %j as %s', (value, shown) => {
    expect(received(value)).toBe(shown);
  });

  it.each([
    ['a line break', 'a\r\nb', 'a\\u000d\\u000ab'],
    ['an escape sequence', '\u001b[31m', '\\u001b[31m'],
    ['a space without width', 'api\u200b', 'api\\u200b'],
    ['a change of direction', '\u202eipa', '\\u202eipa'],
    ['half a character', '\ud800', '\\ud800'],
    ['a letter beyond ASCII', 'é', '\\u00e9'],
  ])('a comparison escapes %s', (_, value, shown) => {
    expect(received(value)).toBe(shown);
    expect(received([value])).toBe(shown);
    expect(compare(value, 'x').expected).toBe(shown);
  });

  it('a comparison cuts a value over 200 characters, and marks the cut', () => {
    expect(received('a'.repeat(200))).toBe('a'.repeat(200));
    expect(received('a'.repeat(201))).toBe(`${'a'.repeat(200)}...`);
    expect(received('\n'.repeat(34))).toBe(`${'\\u000a'.repeat(34).slice(0, 200)}...`);
  });

  it('a comparison shows no JWT, whole or cut', () => {
    const jwt = jws({ sub: 'alice' });

    expect(received(['a', jwt, 'b'])).toBe('a [JWT] b');
    expect(received(`${'a'.repeat(190)} ${jwt}`)).toBe(`${'a'.repeat(190)} [JWT]...`);
  });

  it('a comparison shows printable text of bounded length, whatever it compares', () => {
    const text = fc.oneof(fc.string({ unit: codePoint }), fc.string({ minLength: 150 }));
    const value = fc.oneof(text, fc.array(text), fc.double(), fc.constant(undefined));

    fc.assert(
      fc.property(value, value, (one, other) => {
        const { expected, received: shown } = compare(one, other);
        for (const side of [expected, shown]) expect(side).toMatch(/^[ -~]{1,203}$/);
      }),
    );
  });
});
