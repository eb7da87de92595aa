import { percentDecode } from '../../request/path';

/** Path of a request to an HTTP API, which API Gateway decodes twice. */
export interface DecodedPath {
  /** Path after both rounds: `rawPath` of events, and what reaches the upstream. */
  readonly path: string;
  /** Path after the first round, which routes are matched with. */
  readonly routedPath: string;
}

/**
 * Decodes a path as API Gateway does. What the first round decodes to a question mark ends the path.
 * Captured on AWS: `space%20value` becomes `space value`, `slash%2Fvalue` and `slash%252Fvalue` become
 * `slash/value`, `question%3Fvalue` becomes `question`, and `percent%25done` is refused with 400.
 *
 * No capture shows which round precedes routing. Reports say the first: `/{x}/thing` does not match
 * `/a%2Fb/thing`, but it matches `/a%252Fb/thing`.
 *
 * @see https://github.com/hotsock/voker/blob/main/vokerhttp/testdata/ingress-paths.json
 * @see https://github.com/Worklytics/psoxy/pull/827
 * @returns `undefined` if API Gateway refuses the path
 */
export function decodePath(sentPath: string): DecodedPath | undefined {
  const routedPath = percentDecode(sentPath)?.replace(/\?.*$/s, '');
  const path = routedPath === undefined ? undefined : percentDecode(routedPath);
  return routedPath === undefined || path === undefined ? undefined : { path, routedPath };
}
