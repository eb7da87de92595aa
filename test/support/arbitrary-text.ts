import fc from 'fast-check';

const codePoint = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map(
    (code) => String.fromCodePoint(code),
    (text) => ([...String(text)].length === 1 ? String(text).codePointAt(0) : undefined) as number,
  );

/**
 * Arbitrary text of all Unicode code points. It is `fc.string({ unit: 'binary' })` without the table of all code points,
 * which takes more than a second to build.
 */
export const arbitraryText = (constraints: fc.StringConstraints = {}) =>
  fc.string({ ...constraints, unit: codePoint });
