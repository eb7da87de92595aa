import type { ResolvedResource } from '../../../template/resolve';
import type { ValueSource } from '../../request/value-source';
import { notSupported } from '../not-supported';
import { parseMappingExpression } from './mapping-expression';
import type { GatewayResponseProperties } from './resource-schemas';
import { RESPONSE_TYPES } from './response-types';

/** Types that a template can customize although local mode never sends them. */
const NEVER_SENT = [
  'AUTHORIZER_FAILURE',
  'BAD_REQUEST_BODY',
  'BAD_REQUEST_PARAMETERS',
  'EXPIRED_TOKEN',
  'INVALID_SIGNATURE',
  'QUOTA_EXCEEDED',
  'RESOURCE_NOT_FOUND',
  'THROTTLED',
  'WAF_FILTERED',
];

const KNOWN_TYPES = [...Object.keys(RESPONSE_TYPES), ...NEVER_SENT, 'DEFAULT_4XX'];

/** Customization of one type of gateway response. */
interface CustomResponse {
  readonly status?: number;
  readonly headers: readonly (readonly [name: string, source: ValueSource])[];
  /** Content type and body template; absent if only status or headers are customized. */
  readonly template?: readonly [contentType: string, body: string];
}

/** Customizations by response type, which can be `DEFAULT_4XX` or `DEFAULT_5XX`. */
export type CustomResponses = ReadonlyMap<string, CustomResponse>;

/**
 * Reads the gateway responses of a REST API.
 *
 * @throws UnsupportedTemplateError naming an unknown type, parameter or template variable
 */
export function readGatewayResponses(
  responses: readonly {
    readonly resource: ResolvedResource;
    readonly properties: GatewayResponseProperties;
  }[],
): CustomResponses {
  return new Map(
    responses.map(({ resource: { logicalId }, properties }) => {
      const { ResponseType, StatusCode, ResponseParameters, ResponseTemplates } = properties;
      if (!KNOWN_TYPES.includes(ResponseType)) {
        throw notSupported(`${logicalId}: ResponseType ${ResponseType}`);
      }
      const [template] = Object.entries(ResponseTemplates);
      const foreign = /\$(?!\{?context\.)[A-Za-z{][\w.]*/.exec(template?.[1] ?? '')?.[0];
      if (foreign) throw notSupported(`${logicalId}: ${foreign} in a response template`);
      const headers = Object.entries(ResponseParameters).map(([target, expression]) => {
        const name = /^gatewayresponse\.header\.(.+)$/.exec(target)?.[1];
        if (!name) throw notSupported(`${logicalId}: the response parameter ${target}`);
        return [name, parseMappingExpression(expression)] as const;
      });
      const custom = {
        headers,
        ...(StatusCode !== undefined && { status: StatusCode }),
        ...(template && { template }),
      };
      return [ResponseType, custom];
    }),
  );
}
