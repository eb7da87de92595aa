import { z } from 'zod';
import { type HeaderField, type HttpResponse, withoutHeaders } from '../../request/message';

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const status = z.coerce.number().int().min(200).max(599);

const members = {
  statusCode: status,
  headers: z.record(z.string(), headerValue).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
};
const multiValueHeaders = z.record(z.string(), z.array(headerValue)).nullish();

/**
 * Formats of a function's response. A REST API responds with 502 to a member that it does not know, for
 * example the `cookies` of format 2.0, and with 200 to a response without a status. For HTTP APIs neither
 * is recorded, so unknown members are ignored there, and format 1.0 requires a status.
 *
 * @see https://github.com/localstack/localstack/blob/main/tests/aws/services/apigateway/test_apigateway_lambda.snapshot.json test_aws_proxy_response_payload_format_validation, test_lambda_aws_proxy_response_format
 */
const FORMATS = {
  REST: z.strictObject({ ...members, multiValueHeaders, statusCode: status.default(200) }),
  '1.0': z.looseObject({ ...members, multiValueHeaders }),
  '2.0': z.looseObject({ ...members, multiValueHeaders, cookies: z.array(z.string()).nullish() }),
} as const;

/** Format of a function's response. */
export type ResponseFormat = keyof typeof FORMATS;

/** Response of a function behind a proxy integration. */
export interface ProxyResponse extends HttpResponse {
  /** True if `body` was decoded from base64. */
  readonly binary: boolean;
}

/** Headers of one connection, or derived from the body. */
const FRAMING_HEADERS = ['Connection', 'Content-Length', 'Keep-Alive', 'Transfer-Encoding'];

/**
 * Reads a function's response with a `statusCode`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 * @returns `undefined` if the response is malformed
 */
export function readProxyResponse(
  payload: unknown,
  format: ResponseFormat,
): ProxyResponse | undefined {
  const reading = FORMATS[format].safeParse(payload);
  if (!reading.success) return undefined;
  const { statusCode, headers, body, isBase64Encoded, ...more } = reading.data;
  const cookies = 'cookies' in more ? ((more.cookies ?? []) as readonly string[]) : [];
  const fields: readonly HeaderField[] = [
    ...mergedHeaders(headers ?? {}, more.multiValueHeaders ?? {}),
    ...cookies.map((cookie) => ['Set-Cookie', cookie] as const),
  ];
  const binary = isBase64Encoded ?? false;
  return {
    status: statusCode,
    headers: withoutHeaders(fields, FRAMING_HEADERS),
    body: Buffer.from(body ?? '', binary ? 'base64' : 'utf8'),
    binary,
  };
}

/**
 * Merges `headers` into `multiValueHeaders`, as recorded on AWS: values of the latter come first, and its
 * spelling of a name is used. "If the same key-value pair is specified in both, only the values from
 * multiValueHeaders will appear in the merged list."
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 */
function mergedHeaders(
  single: Readonly<Record<string, string>>,
  multiple: Readonly<Record<string, readonly string[]>>,
): readonly HeaderField[] {
  const merged = Object.entries(multiple).map(([name, values]) => ({ name, values: [...values] }));
  for (const [name, value] of Object.entries(single)) {
    const known = merged.find((header) => header.name.toLowerCase() === name.toLowerCase());
    if (!known) merged.push({ name, values: [value] });
    else if (!known.values.includes(value)) known.values.push(value);
  }
  return merged.flatMap(({ name, values }) => values.map((value) => [name, value] as const));
}
