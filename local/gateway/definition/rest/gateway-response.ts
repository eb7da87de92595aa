import type { ResolvedResource } from '../../../template/resolve';
import { UnsupportedTemplateError } from '../../../template/unsupported';
import type { ValueSource } from '../../request/value-source';
import { parseMappingExpression } from './mapping-expression';
import type { GatewayResponseProperties } from './resource-schemas';

/**
 * The gateway responses that the local gateway sends, with default status, error type and message.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export const responseTypes = {
  ACCESS_DENIED: {
    status: 403,
    errorType: 'AccessDeniedException',
    message: 'User is not authorized to access this resource',
  },
  API_CONFIGURATION_ERROR: {
    status: 500,
    errorType: 'InternalServerErrorException',
    message: 'Internal server error',
  },
  AUTHORIZER_CONFIGURATION_ERROR: {
    status: 500,
    errorType: 'AuthorizerConfigurationException',
    message: null,
  },
  /** Sent by itself when a function behind a proxy integration fails; others only fall back to it. */
  DEFAULT_5XX: {
    status: 502,
    errorType: 'InternalServerErrorException',
    message: 'Internal server error',
  },
  INTEGRATION_FAILURE: {
    status: 504,
    errorType: 'InternalServerErrorException',
    message: 'Network error communicating with endpoint',
  },
  INTEGRATION_TIMEOUT: {
    status: 504,
    errorType: 'InternalServerErrorException',
    message: 'Endpoint request timed out',
  },
  INVALID_API_KEY: { status: 403, errorType: 'ForbiddenException', message: 'Forbidden' },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  },
  UNAUTHORIZED: { status: 401, errorType: 'UnauthorizedException', message: 'Unauthorized' },
} as const satisfies Record<string, { status: number; errorType: string; message: string | null }>;

export type ResponseType = keyof typeof responseTypes;

/** Types that a template may customize although nothing in local mode ever sends them. */
const neverSent = [
  'AUTHORIZER_FAILURE',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'EXPIRED_TOKEN',
  'INVALID_SIGNATURE',
  'QUOTA_EXCEEDED',
  'RESOURCE_NOT_FOUND',
  'THROTTLED',
  'UNSUPPORTED_MEDIA_TYPE',
  'WAF_FILTERED',
];

/** How the template customizes one type of gateway response. */
interface GatewayResponse {
  readonly status?: number;
  readonly headers: readonly (readonly [name: string, source: ValueSource])[];
  /** Content type and body template; absent when only status or headers are customized. */
  readonly template?: readonly [contentType: string, body: string];
}

/** By response type, `DEFAULT_4XX` and `DEFAULT_5XX` among them. */
export type GatewayResponses = ReadonlyMap<string, GatewayResponse>;

/** @throws NotUnderstoodError naming an unknown type, parameter or template variable */
export function readGatewayResponses(
  responses: readonly {
    readonly resource: ResolvedResource;
    readonly properties: GatewayResponseProperties;
  }[],
): GatewayResponses {
  const known = [...Object.keys(responseTypes), ...neverSent, 'DEFAULT_4XX'];
  return new Map(
    responses.map(({ resource, properties }) => {
      const { ResponseType, StatusCode, ResponseParameters, ResponseTemplates } = properties;
      if (!known.includes(ResponseType)) {
        throw new UnsupportedTemplateError(
          `local mode does not understand ${resource.logicalId}: ResponseType ${ResponseType}`,
        );
      }
      const [template] = Object.entries(ResponseTemplates);
      const foreign = /\$(?!\{?context\.)[A-Za-z{][\w.]*/.exec(template?.[1] ?? '')?.[0];
      if (foreign) {
        throw new UnsupportedTemplateError(
          `local mode does not understand ${foreign} in the template of ${resource.logicalId}`,
        );
      }
      const headers = Object.entries(ResponseParameters).map(([target, expression]) => {
        const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
        if (name) return [name, parseMappingExpression(expression)] as const;
        throw new UnsupportedTemplateError(
          `local mode does not understand ${target} of ${resource.logicalId}`,
        );
      });
      return [
        ResponseType,
        {
          headers,
          ...(StatusCode !== undefined && { status: StatusCode }),
          ...(template && { template }),
        },
      ];
    }),
  );
}
