import { Lazy, Token } from 'aws-cdk-lib';
import {
  GatewayResponse,
  type GatewayResponseOptions,
  type IRestApi,
  ResponseType,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { DPOP_ALGORITHMS } from '../../../lambda/contract';
import { assertProp } from '../../validation/prop-error';
import { ORIGIN, ORIGIN_RULE, REALM, REALM_RULE } from '../../validation/prop-patterns';

/** Content of the challenges and error responses of an API. */
export interface GatewayResponsesProps {
  /** Realm in challenges. */
  readonly realm: string;
  /** Returns the scopes that every route requires, for challenges; called when all routes are declared. */
  readonly scopes: () => readonly string[];
  /**
   * Origins whose pages can read the responses.
   *
   * @default - no CORS headers
   */
  readonly allowOrigins?: readonly string[];
  /**
   * URL of the protected resource metadata, for challenges (RFC 9728 §5.1).
   *
   * @default - challenges do not name it
   */
  readonly resourceMetadata?: string;
  /**
   * True if challenges also offer the scheme `DPoP`.
   *
   * @default false
   */
  readonly acceptsDpop?: boolean;
}

/** Value of `Retry-After` when the authorizer failed, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/**
 * Adds the responses that API Gateway sends for the authorizer: 401 and 403 with RFC 6750 challenges, and
 * 503 if the authorizer failed.
 *
 * @throws PropError if realm or origins are not valid in a header.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function addGatewayResponses(
  scope: Construct,
  restApi: IRestApi,
  props: GatewayResponsesProps,
): void {
  assertProp('realm', props.realm, REALM_RULE, fits(props.realm, REALM));
  const add = (id: string, options: GatewayResponseOptions) =>
    new GatewayResponse(scope, id, { restApi, ...options });
  const cors = corsHeaders(props.allowOrigins);
  const unauthorized = json('401', 'unauthorized', 'Missing, invalid or expired access token', {
    ...cors,
    'WWW-Authenticate': Lazy.string({ produce: () => challenge(props) }),
  });
  const forbidden = json(
    '403',
    'insufficient_scope',
    'The token does not contain the required scope',
    {
      ...cors,
      'WWW-Authenticate': Lazy.string({
        produce: () => challenge(props, 'insufficient_scope'),
      }),
    },
  );
  const failed = json('503', 'server_error', 'Problem encountered authorizing the request', {
    ...cors,
    'Retry-After': `'${RETRY_AFTER_SECONDS}'`,
  });
  add('Unauthorized', { type: ResponseType.UNAUTHORIZED, ...unauthorized });
  add('AccessDenied', { type: ResponseType.ACCESS_DENIED, ...forbidden });
  add('AuthorizerFailure', { type: ResponseType.AUTHORIZER_FAILURE, ...failed });
  add('AuthorizerConfigurationError', {
    type: ResponseType.AUTHORIZER_CONFIGURATION_ERROR,
    ...failed,
  });
  if (cors) {
    // No status code: it would change every response of the class.
    add('Default4xx', { type: ResponseType.DEFAULT_4XX, responseHeaders: cors });
    add('Default5xx', { type: ResponseType.DEFAULT_5XX, responseHeaders: cors });
  }
}

/**
 * Returns the challenges as a static value: in single quotes, which API Gateway removes. It is the same for all
 * responses of a type, so a 401 cannot say whether token or proof is at fault, nor contain a nonce.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9449#section-7.1
 */
function challenge(props: GatewayResponsesProps, error?: string): string {
  const { realm, resourceMetadata } = props;
  const scopes = props.scopes();
  const parameters = [
    `realm="${realm}"`,
    ...(error ? [`error="${error}"`] : []),
    ...(scopes.length > 0 ? [`scope="${scopes.join(' ')}"`] : []),
    ...(resourceMetadata ? [`resource_metadata="${resourceMetadata}"`] : []),
  ];
  const bearer = `Bearer ${parameters.join(', ')}`;
  if (!props.acceptsDpop) return `'${bearer}'`;
  const algorithms = `algs="${DPOP_ALGORITHMS.join(' ')}"`;
  return `'${bearer}, DPoP ${algorithms}${error ? `, error="${error}"` : ''}'`;
}

function json(
  statusCode: string,
  code: string,
  message: string,
  responseHeaders: Record<string, string>,
): Omit<GatewayResponseOptions, 'type'> {
  return {
    statusCode,
    responseHeaders,
    templates: { 'application/json': JSON.stringify({ code, message }) },
  };
}

/**
 * Returns the CORS headers. A gateway response cannot select one of several origins. These responses contain
 * nothing confidential and no cookies, so with several origins every origin can read them.
 */
function corsHeaders(allowOrigins: readonly string[] | undefined) {
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
  return isWildcardAlone && origins.every((origin) => fits(origin, ORIGIN));
}

/** Returns whether a value matches; a value that is known only at deployment is not checked. */
function fits(value: string, pattern: RegExp): boolean {
  return Token.isUnresolved(value) || pattern.test(value);
}
