/** Time of frozen clocks, in seconds since the epoch. */
export const NOW = 1_800_000_000;

export function base64url(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Buffer.from(text).toString('base64url');
}

/** Returns a string in the form of a JWS, without a valid signature. */
export function jws(payload: unknown, header: unknown = { alg: 'RS256' }, signature = 'c2ln') {
  return `${base64url(header)}.${base64url(payload)}.${signature}`;
}
