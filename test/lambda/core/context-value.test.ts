import fc from 'fast-check';
import { encodeContextValue } from '../../../lambda/core/context-value';
import { codePoint } from '../../support/code-points';

const texts = fc.oneof(
  fc.string({ unit: codePoint }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '%', '\n', '\u0000', '\u007f', 'a', 'é', '\u2028'),
  }),
);

test('an encoded value needs no escaping inside a JSON string', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const encoded = encodeContextValue(text);

      expect(JSON.stringify(encoded)).toBe(`"${encoded}"`);
      expect(encoded).toMatch(/^[ -~]*$/);
    }),
  );
});

test('decodeURIComponent restores an encoded value', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(decodeURIComponent(encodeContextValue(text))).toBe(text);
    }),
  );
});

test('identifiers of printable ASCII stay as they are, but for quotes, backslashes and percent signs', () => {
  const usual = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.replace(/["%\\]/g, ''));

  fc.assert(fc.property(usual, (text) => expect(encodeContextValue(text)).toBe(text)));
  expect(encodeContextValue('"%\\')).toBe('%22%25%5C');
});

test('a lone surrogate becomes the replacement character', () => {
  expect(encodeContextValue('a\ud800b')).toBe('a%EF%BF%BDb');
});
