/** Tests whether a path can match a route: it is absolute and has no `.` or `..` segment. */
export function isRoutable(path: string): boolean {
  const segments = path.split('/');
  return (
    segments[0] === '' &&
    !segments.some((segment) => ['.', '..'].includes(percentDecode(segment) ?? segment))
  );
}

/** Percent-decodes a text. Returns `undefined` for malformed input. */
export function percentDecode(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** Percent-encodes a decoded path. Slashes and other characters that paths can hold remain. */
export function encodePath(path: string): string {
  return encodeURI(path).replace(/[?#]/g, encodeURIComponent);
}
