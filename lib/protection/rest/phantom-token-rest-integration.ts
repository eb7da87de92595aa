import { AspectPriority, Aspects, CfnResource, Duration, Token } from 'aws-cdk-lib';
import {
  CfnMethod,
  Integration,
  type IntegrationConfig,
  type IntegrationOptions,
  IntegrationType,
  type Method,
} from 'aws-cdk-lib/aws-apigateway';
import { ContextKey } from '../../../lambda/contract';
import { pathParameters } from '../../scopes/route-path';
import { assertProp, PropError } from '../../validation/prop-error';

/** Options of {@link PhantomTokenRestIntegration}. Upstreams in a VPC need `vpcLink`. */
export interface PhantomTokenRestIntegrationOptions extends IntegrationOptions {
  /**
   * ARN of the load balancer that a VPC link V2 connects to. `vpcLink` is the link, imported by its ID:
   * `VpcLink.fromVpcLinkId(this, 'Link', linkV2.vpcLinkId)`.
   *
   * @default - the target of a VPC link V1
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html
   */
  readonly loadBalancerArn?: string;
  /**
   * HTTP method of the request to the upstream.
   *
   * @default - that of the client's request
   */
  readonly httpMethod?: string;
  /**
   * True if the response is sent to the client while it arrives, for at most 15 minutes, as
   * `ResponseTransferMode.STREAM`. The token is checked once, at the start. The default `timeout` is then 15
   * minutes.
   *
   * @default false
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
   */
  readonly streaming?: boolean;
}

/** Maximum duration of a streamed response, and its default timeout. */
const MAX_STREAM = Duration.minutes(15);

/** Target of the mapping that replaces the client's opaque token with the phantom token. */
const TARGET = 'integration.request.header.Authorization';
/** Source of that mapping. */
const SOURCE = `context.authorizer.${ContextKey.authorization}`;

/**
 * Mapping that keeps the client's DPoP proof from the upstream. REST APIs cannot remove a header.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html
 */
export const PROOF_REMOVAL: Readonly<Record<string, string>> = {
  'integration.request.header.DPoP': "'removed'",
};

/**
 * HTTP proxy integration for a URL, whose path parameters are those of the method's resource.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export class RestProxyIntegration extends Integration {
  private readonly url: string;
  private readonly httpMethod: string | undefined;
  private readonly loadBalancerArn: string | undefined;
  private readonly streaming: boolean;

  constructor(url: string, options: PhantomTokenRestIntegrationOptions = {}) {
    const { httpMethod, loadBalancerArn, streaming = false, ...rest } = options;
    assertProp(
      'loadBalancerArn',
      loadBalancerArn,
      'must be combined with vpcLink',
      loadBalancerArn === undefined || options.vpcLink !== undefined,
    );
    const timeout = options.timeout ?? (streaming ? MAX_STREAM : undefined);
    if (streaming) assertStreamTimeout(timeout);
    // Resources have `{proxy+}`, URLs `{proxy}`.
    const uri = url.replaceAll('+}', '}');
    const integrationHttpMethod = httpMethod ?? 'ANY';
    super({
      type: IntegrationType.HTTP_PROXY,
      uri,
      integrationHttpMethod,
      options: { ...rest, timeout },
    });
    this.url = uri;
    this.httpMethod = httpMethod;
    this.loadBalancerArn = loadBalancerArn;
    this.streaming = streaming;
  }

  override bind(method: Method): IntegrationConfig {
    const bound = super.bind(method);
    const names = pathParameters(this.url);
    const { path } = method.resource;
    const unknown = names.find((name) => !pathParameters(path).includes(name));
    if (unknown !== undefined) {
      throw new PropError(
        `url must contain only path parameters of ${path}, got: ${JSON.stringify(this.url)}`,
      );
    }
    const { loadBalancerArn, streaming } = this;
    changeResource(method, (resource) => {
      declarePathParameters(resource, names);
      // The integrations of the CDK have no option for it.
      if (loadBalancerArn !== undefined)
        resource.addPropertyOverride('Integration.IntegrationTarget', loadBalancerArn);
      // The option responseTransferMode is newer than the lowest version of aws-cdk-lib that is supported.
      if (streaming) resource.addPropertyOverride('Integration.ResponseTransferMode', 'STREAM');
    });
    const mappings = names.map((name) => [
      `integration.request.path.${name}`,
      `method.request.path.${name}`,
    ]);
    return {
      ...bound,
      integrationHttpMethod: this.httpMethod ?? method.httpMethod,
      options: {
        ...bound.options,
        requestParameters: { ...Object.fromEntries(mappings), ...bound.options?.requestParameters },
      },
    };
  }
}

/**
 * HTTP proxy integration that sends the phantom token in the `Authorization` header. Without that mapping
 * the client's opaque token would be forwarded.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export class PhantomTokenRestIntegration extends RestProxyIntegration {
  constructor(url: string, options: PhantomTokenRestIntegrationOptions = {}) {
    super(url, {
      ...options,
      requestParameters: { ...options.requestParameters, [TARGET]: SOURCE },
    });
  }
}

function assertStreamTimeout(timeout: Duration | undefined): void {
  if (timeout === undefined || timeout.isUnresolved()) return;
  assertProp(
    'timeout',
    timeout.toHumanString(),
    'must be at most 15 minutes if streaming is true',
    timeout.toMilliseconds() <= MAX_STREAM.toMilliseconds(),
  );
}

/** Declares the path parameters of a method, as mappings require. */
function declarePathParameters(resource: CfnMethod, names: readonly string[]): void {
  if (names.length === 0) return;
  const declared = Object.fromEntries(names.map((name) => [`method.request.path.${name}`, true]));
  resource.requestParameters = { ...declared, ...resource.requestParameters };
}

/** Changes the L1 of a method by an aspect, because it does not exist when the integration is bound. */
function changeResource(method: Method, change: (resource: CfnMethod) => void): void {
  Aspects.of(method).add(
    {
      visit(node) {
        if (!CfnResource.isCfnResource(node)) return;
        if (node.cfnResourceType === CfnMethod.CFN_RESOURCE_TYPE_NAME) change(node as CfnMethod);
      },
    },
    { priority: AspectPriority.MUTATING },
  );
}

/**
 * Returns why an integration would not replace the client's opaque token with the phantom token. Header names
 * are compared with their case: with another case the client's own header would be forwarded too.
 */
export function mappingFaults(
  integration: Partial<CfnMethod.IntegrationProperty>,
): readonly string[] {
  if (!isHttp(integration)) return [];
  const [mapped, ...others] = mappingsOf(TARGET, integration);
  if (others.length === 0 && mapped?.[0] === TARGET && mapped[1] === SOURCE) return [];
  return [
    `its integration forwards the client's Authorization header: use httpIntegration(), or map ` +
      `${TARGET} from ${SOURCE}, and no other header of that name`,
  ];
}

/** Returns whether an integration calls a URL. */
export function isHttp({ type }: Partial<CfnMethod.IntegrationProperty>): boolean {
  return type === 'HTTP' || type === 'HTTP_PROXY';
}

/**
 * Adds the mapping of the phantom token to the HTTP integration of a method that does not map the header.
 *
 * @param removesProofs true if DPoP proofs, which are used up, are kept from the upstream, too. Only proxy
 * integrations would pass them on.
 */
export function mapPhantomToken(method: CfnMethod, removesProofs: boolean): void {
  const { integration } = method;
  if (integration === undefined || Token.isUnresolved(integration)) return;
  const properties = integration as CfnMethod.IntegrationProperty;
  const requestParameters = properties.requestParameters ?? {};
  if (!isHttp(properties) || Token.isUnresolved(requestParameters)) return;
  const isProxy = properties.type === 'HTTP_PROXY';
  const wanted = { [TARGET]: SOURCE, ...(removesProofs && isProxy && PROOF_REMOVAL) };
  const added = Object.entries(wanted).filter(([it]) => mappingsOf(it, properties).length === 0);
  if (added.length === 0) return;
  method.integration = {
    ...properties,
    requestParameters: { ...requestParameters, ...Object.fromEntries(added) },
  };
}

function mappingsOf(
  wanted: string,
  { requestParameters = {} }: Partial<CfnMethod.IntegrationProperty>,
) {
  return Object.entries(requestParameters).filter(
    ([target]) => target.toLowerCase() === wanted.toLowerCase(),
  );
}
