import type { ClientCertificate } from './client-certificate';

/** Header field as sent: the casing of the name is kept, repeated fields stay separate. */
export type HeaderField = readonly [name: string, value: string];

/** Request of a client, before routing. */
export interface HttpRequest {
  readonly method: string;
  /** Path as sent, percent-encoding and slashes included. */
  readonly sentPath: string;
  /** Path within the API as routes and mappings see it, which differs by the kind of API. */
  readonly path: string;
  /** Query string as sent, without the question mark; empty if there is none. */
  readonly query: string;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
  /** Protocol and version, for example `HTTP/1.1`. */
  readonly protocol: string;
  readonly sourceIp: string;
  /** Absent unless the client presented one. */
  readonly clientCertificate?: ClientCertificate;
}

/** Response of an upstream, or to the client. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
}

/** Response whose body is sent while it arrives. */
export interface StreamedResponse extends Omit<HttpResponse, 'body'> {
  /** Chunks as they arrive. The iteration throws an error that names the cause if the body breaks off. */
  readonly body: AsyncIterable<Buffer>;
}

/** Returns all values of a header, in order. Names are compared without regard to case. */
export function headerValues(headers: readonly HeaderField[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.filter(([field]) => field.toLowerCase() === wanted).map(([, value]) => value);
}

/** Returns the fields without those of the given names. Names are compared without regard to case. */
export function withoutHeaders(
  headers: readonly HeaderField[],
  names: readonly string[],
): readonly HeaderField[] {
  const unwanted = new Set(names.map((name) => name.toLowerCase()));
  return headers.filter(([name]) => !unwanted.has(name.toLowerCase()));
}

/** Converts Node.js's flat list of names and values to pairs. */
export function headerFields(rawHeaders: readonly string[]): readonly HeaderField[] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
    rawHeaders[2 * index] ?? '',
    rawHeaders[2 * index + 1] ?? '',
  ]);
}

/** Returns a response with a JSON body. */
export function jsonResponse(status: number, body: object): HttpResponse {
  return {
    status,
    headers: [['Content-Type', 'application/json']],
    body: Buffer.from(JSON.stringify(body)),
  };
}
