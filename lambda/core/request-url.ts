/** URL of a request in a comparable form, without query and fragment. */
export interface RequestUrl {
  /** Configured base URL that it is below. Unlike the path it is the same for all callers. */
  readonly base: string;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly path: string;
  /** Treatment of percent-encoding in the path. */
  readonly encoding: 'kept' | 'decoded';
}

/** Path of a request, as an event states it. */
export interface RequestPath {
  readonly path: string;
  /** Presence of the base path in it. If it is unknown, a path that begins with the base path has it. */
  readonly basePath: 'included' | 'absent' | 'unknown';
  /** Treatment of percent-encoding: HTTP APIs decode the path of an event, REST APIs do not. */
  readonly encoding: RequestUrl['encoding'];
}

/** A URI with a host and without user information, nor a backslash, which parsers take for a slash. */
const URI = /^https?:\/\/(?=[^/?#@]+(?:[/?#]|$))[\x21-\x5B\x5D-\x7E]+$/i;

/**
 * Returns the URLs that a client may have called: one below each base URL.
 *
 * @param publicUrls base URLs under which clients call the API, without a trailing slash
 */
export function requestUrls(
  publicUrls: readonly URL[],
  { path, basePath, encoding }: RequestPath,
): readonly RequestUrl[] {
  return publicUrls.flatMap(({ origin, pathname }) => {
    const prefix = pathname.replace(/\/$/, '');
    const base = `${origin}${prefix}`;
    const isBelow = path === prefix || path.startsWith(`${prefix}/`);
    if (basePath !== 'absent' && isBelow) return [{ base, origin, path, encoding }];
    return basePath === 'included' ? [] : [{ base, origin, path: `${prefix}${path}`, encoding }];
  });
}

/**
 * Returns whether a URL is that of a request. Query and fragment are ignored, and both are normalized: letter case,
 * default port, dot segments, percent-encoding of unreserved characters.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2
 */
export function isUrlOf(text: string, request: RequestUrl): boolean {
  const url = URI.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.origin !== request.origin) return false;
  return request.encoding === 'decoded'
    ? decodeFully(url.pathname) === (decodeFully(request.path) || '/')
    : normalizePath(url.pathname) === normalizePath(pathOf(request));
}

/** Returns the path as a URL parser writes it, so that it escapes the same characters. */
function pathOf({ origin, path }: RequestUrl): string {
  const url = `${origin}${path}`;
  return URL.canParse(url) ? new URL(url).pathname : path;
}

/** @see https://www.rfc-editor.org/rfc/rfc3986#section-2.3 */
const UNRESERVED = /[A-Za-z0-9\-._~]/;

function normalizePath(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return UNRESERVED.test(character) ? character : encoded.toUpperCase();
  });
}

/**
 * Decodes a path until nothing is encoded. HTTP APIs decode the path of a request twice, before they match a
 * route.
 */
function decodeFully(path: string): string {
  let decoded = path;
  try {
    for (let next = decodeURIComponent(path); next !== decoded; next = decodeURIComponent(decoded))
      decoded = next;
  } catch {
    // A percent sign that is not the start of an escape.
  }
  return decoded;
}
