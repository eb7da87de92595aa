import { randomBytes, randomUUID } from 'node:crypto';
import type { Identity } from '../../template/identity';
import type { Endpoint } from './endpoint';
import { type HttpRequest, headerValues } from './message';

/**
 * Values of `$context` for one request. The pipeline adds `authorizer`, `error`, `integration` and
 * `status` when they become known.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export type ContextVariables = Readonly<Record<string, unknown>> & { readonly requestId: string };

/** API and stage, in the account and region of its stack. */
export interface ServedApi {
  readonly apiId: string;
  readonly stage: string;
  readonly identity: Identity;
}

/**
 * Returns the context variables that REST and HTTP APIs have in common.
 *
 * @param path value of `$context.path`, which includes the stage
 * @param nowMs milliseconds since the epoch
 * @param endpoint default: the default endpoint
 */
export function createContextVariables(
  { apiId, stage, identity }: ServedApi,
  request: HttpRequest,
  path: string,
  nowMs: number,
  endpoint?: Endpoint,
): ContextVariables {
  const defaultName = `${apiId}.execute-api.${identity.region}.${identity.urlSuffix}`;
  const domainName = endpoint?.domainName ?? defaultName;
  const { clientCertificate } = request;
  return {
    accountId: identity.accountId,
    apiId,
    domainName,
    domainPrefix: domainName.split('.')[0],
    extendedRequestId: randomBytes(12).toString('base64'),
    httpMethod: request.method,
    identity: {
      sourceIp: request.sourceIp,
      userAgent: headerValues(request.headers, 'User-Agent')[0] ?? null,
      ...(clientCertificate && { clientCert: clientCertificate }),
    },
    path,
    protocol: request.protocol,
    requestId: randomUUID(),
    requestTime: commonLogTime(nowMs),
    requestTimeEpoch: nowMs,
    stage,
  };
}

/** Returns the value of a dotted variable name as a string, or `undefined` if it has no value. */
export function contextVariable(variables: ContextVariables, name: string): string | undefined {
  let value: unknown = variables;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value === null || typeof value === 'object' ? undefined : String(value);
}

// Only keys that an authorizer chose can contain a hyphen; elsewhere a hyphen ends the name.
const REFERENCE = /\$(?:\{context\.([\w.-]+)\}|context\.(authorizer\.[\w-]+|\w+(?:\.\w+)*))/g;

/**
 * Replaces every `$context.x` and `${context.x}` of a text.
 *
 * @param absent replacement of variables without a value
 */
export function substituteContextVariables(
  text: string,
  variables: ContextVariables,
  absent: string,
): string {
  return text.replace(
    REFERENCE,
    (_, braced, plain) => contextVariable(variables, braced ?? plain) ?? absent,
  );
}

/** Formats a time in the common log format, for example `21/Nov/2026:22:29:05 +0000`. */
function commonLogTime(nowMs: number): string {
  const [, day, month, year, time] = new Date(nowMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
