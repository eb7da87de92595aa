/** The headers of a request, as API Gateway hands them over. */
export interface RequestHeaders {
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
}

/**
 * Returns all values of a header. REST APIs keep the client's header casing, and HTTP/2 clients send lower
 * case, so names are compared case-insensitively. Only `multiValueHeaders` shows repeated headers, but it may
 * be absent.
 *
 * @param wanted name in lower case.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function headerValues(request: RequestHeaders, wanted: string): string[] {
  const repeated = valuesNamed(request.multiValueHeaders ?? {}, wanted);
  return repeated.length > 0 ? repeated : valuesNamed(request.headers ?? {}, wanted);
}

function valuesNamed(headers: Readonly<Record<string, unknown>>, wanted: string): string[] {
  const values: unknown[] = [];
  for (const name of Object.keys(headers)) {
    // The length first: each request reads headers, and few names have it.
    if (name.length !== wanted.length || name.toLowerCase() !== wanted) continue;
    const value = headers[name] ?? [];
    if (Array.isArray(value)) values.push(...value);
    else values.push(value);
  }
  // Hand-made events can hold `[null]`: a value that is not a credential, but a value.
  return values.map((value) => (typeof value === 'string' ? value : ''));
}
