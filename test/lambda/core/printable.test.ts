import { printable } from '../../../lambda/core/printable';

describe('printable', () => {
  it('returns short printable text as it is', () => {
    expect(printable('text/html; charset="utf-8"')).toBe('text/html; charset="utf-8"');
  });

  it.each(['a\nb', 'a\rb', 'a\x1bb', 'a\0b', 'a\u2028b', 'a\u202eb', 'a\x7fb'])(
    'replaces the character in the middle of %j',
    (text) => {
      expect(printable(text)).toBe('a?b');
    },
  );

  it('cuts text after 100 characters, or as many as are given', () => {
    expect(printable('x'.repeat(100))).toBe('x'.repeat(100));
    expect(printable('x'.repeat(101))).toBe(`${'x'.repeat(100)}...`);
    expect(printable('xyz', 2)).toBe('xy...');
  });
});
