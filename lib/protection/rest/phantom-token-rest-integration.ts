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

/** Options of {@link PhantomTokenRestIntegration}. Upstreams in a VPC need `vpcLink`. */
export interface PhantomTokenRestIntegrationOptions extends IntegrationOptions {
  /**
   * HTTP method of the request to the upstream.
   *
   * @default - that of the client's request
   */
  readonly httpMethod?: string;
}

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

  constructor(url: string, options: PhantomTokenRestIntegrationOptions = {}) {
    const { httpMethod, ...rest } = options;
    // Resources have `{proxy+}`, URLs `{proxy}`.
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
        `url must contain only path parameters of ${path}, got: ${JSON.stringify(this.url)}`,
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

/**
 * Declares the path parameters of a method, as mappings require. It uses an aspect, because the method is not
 * complete when its integration is bound.
 */
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
 * Returns why an integration would not replace the client's opaque token with the phantom token. Header names
 * are compared with their case: with another case the client's own header would be forwarded too.
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
    `its integration forwards the client's Authorization header: use httpIntegration(), or map ` +
      `${TARGET} from ${SOURCE}, and no other header of that name`,
  ];
}
