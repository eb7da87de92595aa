/** Size of each of the two numbers of a P-256 signature, in bytes. */
const NUMBER_BYTES = 32;

/**
 * Returns a P-256 signature in the form of a JWS: both numbers, each in 32 bytes. Returns `undefined` for anything
 * but a signature in DER, as AWS KMS returns it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.4
 * @see https://www.rfc-editor.org/rfc/rfc3279#section-2.2.3
 */
export function joseSignature(der: Buffer): Buffer | undefined {
  // SEQUENCE { INTEGER r, INTEGER s }; every length of a P-256 signature fits in one byte.
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const r = integerAt(der, 2);
  const s = r && integerAt(der, r.end);
  return r && s?.end === der.length ? Buffer.concat([r.bytes, s.bytes]) : undefined;
}

function integerAt(der: Buffer, offset: number) {
  const start = offset + 2;
  const end = start + (der[offset + 1] ?? 0);
  if (der[offset] !== 0x02 || end > der.length || start === end) return undefined;
  const leadingZeros = der.subarray(start, end).findIndex((byte) => byte !== 0);
  const digits = leadingZeros < 0 ? Buffer.alloc(0) : der.subarray(start + leadingZeros, end);
  if (digits.length > NUMBER_BYTES) return undefined;
  return { end, bytes: Buffer.concat([Buffer.alloc(NUMBER_BYTES - digits.length), digits]) };
}
