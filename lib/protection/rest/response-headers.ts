import { Stack, Token } from 'aws-cdk-lib';
import type { CfnGatewayResponse } from 'aws-cdk-lib/aws-apigateway';
import { assertProp } from '../../validation/prop-error';
import { HEADER_NAME, ORIGIN, ORIGIN_RULE } from '../../validation/prop-patterns';

/** Headers of a gateway response, as the CDK takes them: static values in single quotes, or mappings. */
export type ResponseHeaders = Readonly<Record<string, string>>;

const PREFIX = 'gatewayresponse.header.';

/** Headers that the protection sets itself. */
const RESERVED = ['www-authenticate', 'retry-after'];

/**
 * Static value in single quotes, or a mapping.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
const HEADER_VALUE = /^('[^'\r\n]*'|(method\.request|context|stageVariables)\.[\w.-]+)$/;

/** @throws PropError if a header has no valid name or value, or is one that the protection sets. */
export function assertResponseHeaders(headers: ResponseHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    assertProp(
      'responseHeaders',
      name,
      'must be names of headers other than WWW-Authenticate and Retry-After',
      HEADER_NAME.test(name) && !RESERVED.includes(name.toLowerCase()),
    );
    assertProp(
      'responseHeaders',
      { [name]: value },
      "must be static values in single quotes, such as 'nosniff', or mappings",
      Token.isUnresolved(value) || HEADER_VALUE.test(value),
    );
  }
}

/** Returns headers of several sources. Of headers with the same name, in any case, the last one counts. */
export function mergeHeaders(
  ...sources: readonly (ResponseHeaders | undefined)[]
): ResponseHeaders {
  const entries = sources.flatMap((headers) => Object.entries(headers ?? {}));
  const byName = new Map(entries.map((entry) => [entry[0].toLowerCase(), entry]));
  return Object.fromEntries(byName.values());
}

/** Returns the headers of a gateway response. */
export function headersOf(response: CfnGatewayResponse | undefined): ResponseHeaders {
  if (response === undefined) return {};
  const parameters = Stack.of(response).resolve(response.responseParameters) ?? {};
  return Object.fromEntries(
    Object.entries<string>(parameters).flatMap(([target, value]) =>
      target.startsWith(PREFIX) ? [[target.slice(PREFIX.length), value]] : [],
    ),
  );
}

/** Returns headers as the parameters of a gateway response. */
export function responseParameters(headers: ResponseHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [`${PREFIX}${name}`, value]),
  );
}

/**
 * Returns the CORS headers. A gateway response cannot select one of several origins. These responses contain
 * nothing confidential and no cookies, so with several origins every origin can read them.
 *
 * @throws PropError if an origin is not valid in a header.
 */
export function corsHeaders(
  allowOrigins: readonly string[] | undefined,
): ResponseHeaders | undefined {
  if (!allowOrigins) return undefined;
  const rule = `${ORIGIN_RULE}, or several origins`;
  assertProp('allowOrigins', allowOrigins, rule, areOrigins(allowOrigins));
  const origin = allowOrigins.length === 1 ? allowOrigins[0] : '*';
  return {
    'Access-Control-Allow-Origin': `'${origin}'`,
    'Access-Control-Expose-Headers': "'WWW-Authenticate, Retry-After'",
  };
}

function areOrigins(origins: readonly string[]): boolean {
  const isWildcardAlone = origins.length === 1 || (origins.length > 1 && !origins.includes('*'));
  return (
    isWildcardAlone && origins.every((origin) => Token.isUnresolved(origin) || ORIGIN.test(origin))
  );
}
