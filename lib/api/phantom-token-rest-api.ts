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

/** What a REST API with an upstream API takes, beside what CDK's own does. */
export interface PhantomTokenRestApiProps
  extends RestApiProps,
    Omit<RestApiProtectionProps, 'api'> {
  /** Base URL of the upstream API: `https:`, without query or fragment. */
  readonly upstream: string;
  /**
   * The API's routes; no other request reaches the upstream.
   *
   * @default EVERY_ROUTE
   */
  readonly routes?: readonly Route[];
  /**
   * Origins whose pages may call the API; preflight requests are answered without the authorizer.
   *
   * @default - no CORS
   */
  readonly allowOrigins?: readonly string[];
  /**
   * Whether the authorizer names the usage plan that a request counts against. Protected methods then
   * require an API key, whose value is what the authorizer returns as `usageIdentifierKey`. The function
   * needs a `usageIdentifierClaim` for that.
   *
   * @default false
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
   */
  readonly usagePlansByToken?: boolean;
}

/**
 * A REST API that proxies its routes to an upstream API, with phantom tokens. Unless `cloudWatchRole` is
 * `false`, it sets the role by which API Gateway writes logs, for all REST APIs of the account and region.
 */
export class PhantomTokenRestApi extends RestApi {
  /** Protects the API, whatever methods it gets beside its routes. */
  readonly protection: RestApiProtection;

  /** @throws PropError if a prop cannot be deployed. */
  constructor(scope: Construct, id: string, props: PhantomTokenRestApiProps) {
    const { allowOrigins, usagePlansByToken, routes = EVERY_ROUTE } = props;
    assertUrl('upstream', props.upstream);
    assertProp(
      'usagePlansByToken',
      usagePlansByToken,
      `must not be set where ${props.authorizerFunction.node.path} has no usageIdentifierClaim`,
      !usagePlansByToken || props.authorizerFunction.usageIdentifierClaim !== undefined,
    );
    super(scope, id, {
      // Access logs need it, once for each account and region; a role that is there is replaced.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
      cloudWatchRole: true,
      endpointTypes: [EndpointType.REGIONAL],
      // Bodies of every media type pass as they are, instead of as text.
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
      binaryMediaTypes: ['*/*'],
      ...props,
      defaultCorsPreflightOptions: allowOrigins && preflight(allowOrigins),
      apiKeySourceType: usagePlansByToken ? ApiKeySourceType.AUTHORIZER : props.apiKeySourceType,
    });
    this.protection = new RestApiProtection(this, 'Protection', { ...props, api: this });
    for (const route of routes) this.addRoute(route, props);
    answerMocksAsText(this);
  }

  private addRoute(
    { method, path, scopes, public: isPublic }: Route,
    { upstream, usagePlansByToken = false }: PhantomTokenRestApiProps,
  ): void {
    const url = upstreamUrl(upstream, path);
    const resource = this.root.resourceForPath(path);
    if (isPublic) {
      const authorizer = this.protection.publicAccess();
      resource.addMethod(method, new RestProxyIntegration(url), { authorizer });
    } else {
      resource.addMethod(method, this.protection.httpIntegration(url), {
        authorizer: this.protection.authorizer({ scopes }),
        apiKeyRequired: usagePlansByToken,
      });
    }
  }
}

/**
 * A mock reads the request by a template, which takes text only; with every media type binary, preflight
 * requests would fail. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
function answerMocksAsText(api: RestApi): void {
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
    // A wildcard covers every header but this one: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
    allowHeaders: ['*', 'Authorization'],
    maxAge: Duration.hours(1),
  };
}
