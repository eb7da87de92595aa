import fc from 'fast-check';

const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;

/**
 * Unit of strings with any code point. It generates what fast-check's unit `binary` does, which first makes a table of
 * all code points: that takes two seconds and 100 MB in each process.
 */
export const codePoint = fc
  .nat(0x10ffff - SURROGATES)
  .map(
    (index) => String.fromCodePoint(index < FIRST_SURROGATE ? index : index + SURROGATES),
    indexOf,
  );

/** @throws Error if the value is not one code point. */
function indexOf(value: unknown): number {
  const [code = Number.NaN, ...others] = Array.from(String(value), (it) => it.codePointAt(0));
  if (Number.isNaN(code) || others.length > 0) throw new Error('the value must be one code point');
  return code < FIRST_SURROGATE ? code : code - SURROGATES;
}
