import { z } from 'zod';
import { type HeaderField, type HttpResponse, withoutHeaders } from '../../request/message';

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const responseSchema = z.looseObject({
  statusCode: z.coerce.number().int().min(200).max(599),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Response of a function behind a proxy integration. */
export interface ProxyResponse extends HttpResponse {
  /** True if `body` was decoded from base64. */
  readonly binary: boolean;
}

/** Headers of one connection, or derived from the body. */
const FRAMING_HEADERS = ['Connection', 'Content-Length', 'Keep-Alive', 'Transfer-Encoding'];

/**
 * Reads a function's response in payload format 1.0, or one with a `statusCode` in 2.0.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 * @returns `undefined` if the response is malformed
 */
export function readProxyResponse(payload: unknown): ProxyResponse | undefined {
  const reading = responseSchema.safeParse(payload);
  if (!reading.success) return undefined;
  const { statusCode, headers, multiValueHeaders, cookies, body, isBase64Encoded } = reading.data;
  const multiple = Object.entries(multiValueHeaders ?? {});
  const fields: readonly HeaderField[] = [
    // "If the same key-value pair is specified in both, only the values from multiValueHeaders will
    // appear in the merged list."
    ...Object.entries(headers ?? {}).filter(
      ([name, value]) =>
        !multiple.some(([other, values]) => other === name && values.includes(value)),
    ),
    ...multiple.flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    ...(cookies ?? []).map((cookie) => ['Set-Cookie', cookie] as const),
  ];
  const binary = isBase64Encoded ?? false;
  return {
    status: statusCode,
    headers: withoutHeaders(fields, FRAMING_HEADERS),
    body: Buffer.from(body ?? '', binary ? 'base64' : 'utf8'),
    binary,
  };
}
