/** A header field as it stood on the wire: the name's casing is kept, repeated fields are kept apart. */
export type HeaderField = readonly [name: string, value: string];

/** A request as it arrived, before any routing. */
export interface GatewayRequest {
  readonly method: string;
  /** As sent, percent-encoding and trailing slash included. */
  readonly path: string;
  /** As sent, without the question mark; empty when there is none. */
  readonly query: string;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
  /** For example `HTTP/1.1`. */
  readonly protocol: string;
  readonly sourceIp: string;
}

/** What the client gets. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
}

/** All values of a header, in order, whatever the casing of its name. */
export function headerValues(headers: readonly HeaderField[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([field]) => field.toLowerCase() === wanted).map(([, value]) => value);
}

/** The fields without those of the given names, whatever their casing. */
export function withoutHeaders(
  headers: readonly HeaderField[],
  names: readonly string[],
): readonly HeaderField[] {
  const unwanted = new Set(names.map((name) => name.toLowerCase()));
  return headers.filter(([name]) => !unwanted.has(name.toLowerCase()));
}

/** Node's flat list of names and values as pairs. */
export function headerFields(rawHeaders: readonly string[]): readonly HeaderField[] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
    rawHeaders[2 * index] ?? '',
    rawHeaders[2 * index + 1] ?? '',
  ]);
}
