/** Tests whether a path can match a route: it is absolute and has no `.` or `..` segment. */
export function isRoutable(path: string): boolean {
  const segments = path.split('/');
  return (
    segments[0] === '' && !segments.some((segment) => ['.', '..'].includes(percentDecode(segment)))
  );
}

/** Percent-decodes a text. Returns malformed input unchanged. */
export function percentDecode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
