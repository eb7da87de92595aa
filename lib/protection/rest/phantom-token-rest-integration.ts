import { AspectPriority, Aspects, CfnResource } from 'aws-cdk-lib';
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
import { PropError } from '../../validation/prop-error';

/** Beside `vpcLink`, for upstreams in a VPC, all that integrations of CDK take. */
export interface PhantomTokenRestIntegrationOptions extends IntegrationOptions {
  /**
   * The method the upstream is called with.
   *
   * @default - that of the route; `ANY` is passed on as itself
   */
  readonly httpMethod?: string;
}

/** The mapping that puts the phantom token where the client's opaque token was. */
const TARGET = 'integration.request.header.Authorization';
const SOURCE = `context.authorizer.${ContextKey.authorization}`;

/**
 * Proxies a method to a URL, whose path parameters are those of the method's resource.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export class RestProxyIntegration extends Integration {
  private readonly url: string;
  private readonly httpMethod: string | undefined;

  constructor(url: string, options: PhantomTokenRestIntegrationOptions = {}) {
    const { httpMethod, ...rest } = options;
    // `{proxy+}` is for resources; in URLs it is `{proxy}`.
    const uri = url.replaceAll('+}', '}');
    const integrationHttpMethod = httpMethod ?? 'ANY';
    super({ type: IntegrationType.HTTP_PROXY, uri, integrationHttpMethod, options: rest });
    this.url = uri;
    this.httpMethod = httpMethod;
  }

  override bind(method: Method): IntegrationConfig {
    const bound = super.bind(method);
    const names = pathParameters(this.url);
    const { path } = method.resource;
    const unknown = names.find((name) => !pathParameters(path).includes(name));
    if (unknown !== undefined) {
      throw new PropError(
        `url must name no path parameters but those of ${path}, but is ${JSON.stringify(this.url)}`,
      );
    }
    declarePathParameters(method, names);
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
 * Proxies a method to a URL with the phantom token as `Authorization` header; without that mapping the
 * client's opaque token would pass.
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

/** A mapping may only take what the method declares. The method is not complete yet when it is bound. */
function declarePathParameters(method: Method, names: readonly string[]): void {
  if (names.length === 0) return;
  const declared = Object.fromEntries(names.map((name) => [`method.request.path.${name}`, true]));
  Aspects.of(method).add(
    {
      visit(node) {
        if (!CfnResource.isCfnResource(node)) return;
        if (node.cfnResourceType !== CfnMethod.CFN_RESOURCE_TYPE_NAME) return;
        const resource = node as CfnMethod;
        resource.requestParameters = { ...declared, ...resource.requestParameters };
      },
    },
    { priority: AspectPriority.MUTATING },
  );
}

/**
 * Why an integration would not send the phantom token in place of the client's opaque one. Names of
 * headers are compared with their case: in another one the client's own would pass beside ours.
 */
export function mappingFaults(
  integration: Partial<CfnMethod.IntegrationProperty>,
): readonly string[] {
  if (integration.type !== 'HTTP' && integration.type !== 'HTTP_PROXY') return [];
  const [mapped, ...others] = Object.entries(integration.requestParameters ?? {}).filter(
    ([target]) => target.toLowerCase() === TARGET.toLowerCase(),
  );
  if (others.length === 0 && mapped?.[0] === TARGET && mapped[1] === SOURCE) return [];
  return [
    `its integration passes the client's Authorization header on: use httpIntegration(), or map ` +
      `${TARGET} from ${SOURCE}, and no header of that name otherwise`,
  ];
}
