import { printable, printableEnds } from '../../../lambda/core/printable';
import { jws } from '../../support/tokens';

describe('printable', () => {
  it('printable returns short printable text as it is', () => {
    expect(printable('text/html; charset="utf-8"')).toBe('text/html; charset="utf-8"');
  });

  it.each(['a\nb', 'a\rb', 'a\x1bb', 'a\0b', 'a\u2028b', 'a\u202eb', 'a\x7fb'])(
    'printable escapes the character in the middle of %j',
    (text) => {
      expect(printable(text)).toMatch(/^a\\u[0-9a-f]{4}b$/);
      expect(JSON.parse(`"${printable(text)}"`)).toBe(text);
    },
  );

  it('printable shows no JWT, whole or cut', () => {
    expect(printable(`got ${jws({ sub: 'alice' })}.`)).toBe('got [JWT]');
    expect(printable('got eyJhbGciOi')).toBe('got [JWT]');
    expect(printable('eyJ-_9.eyJ-_9.-_9 and eyJ.., too')).toBe('[JWT] and [JWT], too');
  });

  it('printable cuts text after 100 characters, or as many as are given', () => {
    expect(printable('x'.repeat(100))).toBe('x'.repeat(100));
    expect(printable('x'.repeat(101))).toBe(`${'x'.repeat(100)}...`);
    expect(printable('xyz', 2)).toBe('xy...');
    expect(printable('\n', 6)).toBe('\\u000a');
    expect(printable('xeyJhbGci', 3)).toBe('xey...');
  });
});

describe('printableEnds', () => {
  const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

  it('printableEnds shows the first and last characters of longer text, one third and two thirds', () => {
    expect(printableEnds(ALPHABET, 26)).toBe(ALPHABET);
    expect(printableEnds(ALPHABET, 25)).toBe('abcdefgh ... opqrstuvwxyz');
    expect(printableEnds(`\n${ALPHABET}`, 20)).toBe('\\u000a... ... rstuvwxyz');
  });

  it('printableEnds shows nothing of a JWT, wherever the text is cut', () => {
    const jwt = jws({ sub: 'alice', text: 'A'.repeat(600) });

    expect(printableEnds(`Error: x ${jwt}`, 500)).toBe('Error: x [JWT]');
    expect(printableEnds(`${'a'.repeat(600)} ${jwt}`, 500)).toMatch(/^a+ \.\.\. a+ \[JWT\]$/);
  });
});
