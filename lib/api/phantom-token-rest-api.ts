import { Duration } from 'aws-cdk-lib';
import {
  ApiKeySourceType,
  type CfnMethod,
  Cors,
  EndpointType,
  RestApi,
  type RestApiProps,
} from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { RestProxyIntegration } from '../protection/rest/phantom-token-rest-integration';
import { RestApiProtection, type RestApiProtectionProps } from '../protection/rest-api-protection';
import { upstreamUrl } from '../scopes/route-path';
import { EVERY_ROUTE, type Route } from '../scopes/route-scopes';
import { assertUrl } from '../validation/prop-checks';
import { assertProp } from '../validation/prop-error';

/** Props of {@link PhantomTokenRestApi}, in addition to CDK's own. */
export interface PhantomTokenRestApiProps
  extends RestApiProps,
    Omit<RestApiProtectionProps, 'api'> {
  /** Base URL of the upstream API: `https:`, without query or fragment. */
  readonly upstream: string;
  /**
   * Routes of the API. Other requests do not reach the upstream.
   *
   * @default EVERY_ROUTE
   */
  readonly routes?: readonly Route[];
  /**
   * Origins whose pages can call the API. Preflight requests are handled without the authorizer.
   *
   * @default - no CORS
   */
  readonly allowOrigins?: readonly string[];
  /**
   * True if the authorizer selects the usage plan of a request. Protected methods then require an API key,
   * whose value the authorizer returns as `usageIdentifierKey`. The function needs a
   * `usageIdentifierClaim`.
   *
   * @default false
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
   */
  readonly usagePlansByToken?: boolean;
  /**
   * True if responses of the upstream are sent to clients while they arrive, for at most 15 minutes. The token
   * is checked once, at the start of a response.
   *
   * @default false
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
   */
  readonly streaming?: boolean;
}

/**
 * REST API that proxies its routes to an upstream API, with phantom tokens. Unless `cloudWatchRole` is
 * `false`, it sets API Gateway's role for logs, for all REST APIs of the account and region.
 */
export class PhantomTokenRestApi extends RestApi {
  /** Protection of the API, including methods that are added later. */
  readonly protection: RestApiProtection;

  /** @throws PropError if a prop cannot be deployed. */
  constructor(scope: Construct, id: string, props: PhantomTokenRestApiProps) {
    const { allowOrigins, usagePlansByToken, routes = EVERY_ROUTE } = props;
    assertUrl('upstream', props.upstream);
    assertProp(
      'usagePlansByToken',
      usagePlansByToken,
      `must not be set if ${props.authorizerFunction.node.path} has no usageIdentifierClaim`,
      !usagePlansByToken || props.authorizerFunction.usageIdentifierClaim !== undefined,
    );
    assertProp(
      'streaming',
      props.streaming,
      'must not be combined with minCompressionSize: API Gateway does not compress streamed responses',
      !props.streaming || (props.minCompressionSize ?? props.minimumCompressionSize) === undefined,
    );
    super(scope, id, {
      // Access logs need it, once for each account and region. It replaces an existing role.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
      cloudWatchRole: true,
      endpointTypes: [EndpointType.REGIONAL],
      // Passes bodies of every media type unchanged, instead of as text.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
      binaryMediaTypes: ['*/*'],
      ...props,
      defaultCorsPreflightOptions: allowOrigins && preflight(allowOrigins),
      apiKeySourceType: usagePlansByToken ? ApiKeySourceType.AUTHORIZER : props.apiKeySourceType,
    });
    this.protection = new RestApiProtection(this, 'Protection', { ...props, api: this });
    for (const route of routes) this.addRoute(route, props);
    convertMocksToText(this);
  }

  private addRoute(
    { method, path, scopes, mcp, public: isPublic }: Route,
    { upstream, streaming, usagePlansByToken = false }: PhantomTokenRestApiProps,
  ): void {
    const url = upstreamUrl(upstream, path);
    const resource = this.root.resourceForPath(path);
    if (isPublic) {
      const authorizer = this.protection.publicAccess();
      resource.addMethod(method, new RestProxyIntegration(url, { streaming }), { authorizer });
    } else {
      resource.addMethod(method, this.protection.httpIntegration(url, { streaming }), {
        authorizer: this.protection.authorizer({ scopes, mcp }),
        apiKeyRequired: usagePlansByToken,
      });
    }
  }
}

/**
 * Converts the requests of mock integrations to text. Their templates read text only; with every media type
 * binary, preflight requests would fail.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
function convertMocksToText(api: RestApi): void {
  for (const { node } of api.methods) {
    const method = node.defaultChild as CfnMethod;
    const integration = method.integration as CfnMethod.IntegrationProperty;
    if (integration.type === 'MOCK') {
      method.addPropertyOverride('Integration.ContentHandling', 'CONVERT_TO_TEXT');
    }
  }
}

function preflight(allowOrigins: readonly string[]) {
  return {
    allowOrigins: [...allowOrigins],
    allowMethods: Cors.ALL_METHODS,
    // A wildcard covers all headers except this one: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
    allowHeaders: ['*', 'Authorization'],
    maxAge: Duration.hours(1),
  };
}
