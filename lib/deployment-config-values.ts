import { z } from 'zod';

/** What single values of the deployment config may be. */

/** What may stand in a challenge's quoted values and in an API Gateway static value: no quotes. */
export const realm = z
  .string()
  .regex(
    /^[\x20\x21\x23-\x26\x28-\x5B\x5D-\x7E]+$/,
    'must be printable ASCII without quotes and \\',
  );

/** @see https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
export const scope = z
  .string()
  .regex(
    /^[\x21\x23-\x26\x28-\x5B\x5D-\x7E]+$/,
    'must be one scope: printable ASCII without spaces, quotes and \\',
  );

export const pathPattern = z
  .string()
  .regex(
    /^\/$|^(\/([\w.:-]+|\{\w+\}))*\/([\w.:-]+|\{\w+\+?\})$/,
    'must be a path such as /orders/{id} or /files/{proxy+}',
  );

export const secretArn = z
  .string()
  .regex(
    /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/,
    'must be the complete ARN of a secret, its six last characters included',
  );

export const mediaType = z
  .string()
  .regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be one media type, such as application/jwt');

export const origin = z.string().regex(/^(\*|https?:\/\/[^\s/'"]+)$/, 'must be * or an origin');

/**
 * Header names that HTTP APIs keep for themselves, and those that would break a request.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
const RESERVED_HEADERS = new RegExp(
  '^(access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|' +
    'content-location|content-type|cookie|forwarded|host|keep-alive|origin|proxy-authenticate|' +
    'proxy-authorization|te|trailers?|transfer-encoding|upgrade|via|x-amz-.*|x-amzn-.*|' +
    'x-forwarded-(for|host|proto))$',
  'i',
);

export const phantomTokenHeader = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, 'must be a header name')
  .refine((name) => !RESERVED_HEADERS.test(name), 'is a header that cannot be set on HTTP APIs');

/** One or more strings, of which one may stand alone. */
export const oneOrMore = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/**
 * A URL the deployment calls. TLS always; only local mode takes `http:`, and for loopback hosts only.
 */
export function url(local: boolean) {
  return z.string().superRefine((value, context) => {
    const fault = urlFault(value, local);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  });
}

/** A URL told to clients: what API Gateway's templates and challenges would take for syntax stays out. */
export function publishedUrl(local: boolean) {
  return url(local).refine(
    (value) => !/[#$"'\\]/.test(value),
    'must not contain #, $, quotes or \\',
  );
}

function urlFault(value: string, local: boolean): string | undefined {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (!parsed || !['https:', 'http:'].includes(parsed.protocol)) return 'must be an https: URL';
  if (parsed.username || parsed.password) return 'must not contain credentials';
  if (parsed.search || parsed.hash) return 'must not have a query or fragment';
  if (parsed.protocol === 'https:') return undefined;
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname);
  if (local && loopback) return undefined;
  return 'must be an https: URL (http: is accepted for loopback hosts in local mode only)';
}
