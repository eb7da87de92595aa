import { randomBytes, randomUUID } from 'node:crypto';
import { identity } from '../../template/physical-ids';
import { type GatewayRequest, headerValues } from './message';

/**
 * The `$context` of one request; `authorizer`, `error`, `integration`, `status` and the like are
 * added as they become known.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export type RequestContext = Readonly<Record<string, unknown>> & { readonly requestId: string };

/**
 * What the `$context` of both kinds of API holds.
 *
 * @param path as `$context.path` has it, with the stage
 * @param now milliseconds since the epoch
 */
export function createContext(
  { apiId, stage }: { readonly apiId: string; readonly stage: string },
  request: GatewayRequest,
  path: string,
  now: number,
): RequestContext {
  return {
    accountId: identity.accountId,
    apiId,
    domainName: `${apiId}.execute-api.${identity.region}.${identity.urlSuffix}`,
    domainPrefix: apiId,
    extendedRequestId: randomBytes(12).toString('base64'),
    httpMethod: request.method,
    identity: {
      sourceIp: request.sourceIp,
      userAgent: headerValues(request.headers, 'User-Agent')[0] ?? null,
    },
    path,
    protocol: request.protocol,
    requestId: randomUUID(),
    requestTime: commonLogTime(now),
    requestTimeEpoch: now,
    stage,
  };
}

/** The value of a dotted variable name, stringified; `undefined` when there is none. */
export function contextVariable(context: RequestContext, name: string): string | undefined {
  let value: unknown = context;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value === null || typeof value === 'object' ? undefined : String(value);
}

// Only keys that an authorizer chose may hold a hyphen; elsewhere it ends the name.
const reference = /\$(?:\{context\.([\w.-]+)\}|context\.(authorizer\.[\w-]+|\w+(?:\.\w+)*))/g;

/** Replaces every `$context.x` and `${context.x}`; `absent` stands for variables without a value. */
export function substituteContext(
  template: string,
  context: RequestContext,
  absent: string,
): string {
  return template.replace(
    reference,
    (_, braced, plain) => contextVariable(context, braced ?? plain) ?? absent,
  );
}

/** Time in the common log format, for example `21/Nov/2026:22:29:05 +0000`. */
function commonLogTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
