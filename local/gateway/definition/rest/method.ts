import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../../../template/unsupported';
import type { LambdaAuthorizer } from '../lambda-authorizer';
import {
  readOrUnsupported,
  type Unsupported,
  unsupportedIntegration,
} from '../unsupported-integration';
import { type HttpProxy, readHttpProxy } from './http-proxy';
import { type LambdaProxy, readLambdaProxy } from './lambda-proxy';
import { type Mock, readMock } from './mock';
import { type MethodProperties, methodAuthorizationSchema, methodSchema } from './resource-schemas';

/** Method of a resource. */
export interface Method {
  readonly resourceId: string;
  /** Full path of the resource, for example `/orders/{id}`. */
  readonly resourcePath: string;
  /** Authorizer of the method; absent on public methods. */
  readonly authorizer?: LambdaAuthorizer;
  readonly apiKeyRequired: boolean;
  readonly integration: HttpProxy | LambdaProxy | Mock | Unsupported;
}

/** Authorizers by id, or the type of one that local mode does not imitate. */
export type Authorizers = ReadonlyMap<string, LambdaAuthorizer | string>;

/**
 * Reads a method. If local mode does not imitate its authorization, it has neither authorizer nor
 * integration, so that it is never called. Another part that local mode does not imitate replaces the integration.
 *
 * @throws UnsupportedTemplateError naming a part that AWS would reject, or an authorizer that is not supported
 */
export function readMethod(
  template: ResolvedTemplate,
  resource: ResolvedResource,
  authorizers: Authorizers,
): Pick<Method, 'authorizer' | 'apiKeyRequired' | 'integration'> {
  const { logicalId } = resource;
  const authorization = unsupportedAuthorization(resource, authorizers);
  if (authorization !== undefined) {
    const integration = unsupportedIntegration(logicalId, authorization);
    return { apiKeyRequired: false, integration };
  }
  const properties = parseProperties(resource, methodAuthorizationSchema);
  return {
    apiKeyRequired: properties.ApiKeyRequired,
    integration: readOrUnsupported(() => readIntegration(template, resource)),
    ...readAuthorization(resource, properties, authorizers),
  };
}

/** Returns the authorization of a method that local mode does not imitate. */
function unsupportedAuthorization(
  { properties }: ResolvedResource,
  authorizers: Authorizers,
): string | undefined {
  const { AuthorizationType, AuthorizerId } = properties as {
    readonly AuthorizationType?: string;
    readonly AuthorizerId?: string;
  };
  if (['AWS_IAM', 'COGNITO_USER_POOLS'].includes(AuthorizationType ?? '')) {
    return `AuthorizationType ${AuthorizationType}`;
  }
  const authorizer = authorizers.get(AuthorizerId ?? '');
  return typeof authorizer === 'string' ? `an authorizer of type ${authorizer}` : undefined;
}

/** Returns the part of an integration that local mode does not imitate. */
function unsupportedPart({ properties }: ResolvedResource): string | undefined {
  const { Integration = {} } = properties as { readonly Integration?: Record<string, unknown> };
  const { Type, Uri, ResponseTransferMode } = Integration;
  if (Type === 'AWS' || Type === 'HTTP') return `an integration of type ${Type}`;
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
  const streams =
    ResponseTransferMode === 'STREAM' || String(Uri).endsWith('/response-streaming-invocations');
  return Type === 'AWS_PROXY' && streams ? 'response streaming of a function' : undefined;
}

function readIntegration(
  template: ResolvedTemplate,
  resource: ResolvedResource,
): Method['integration'] {
  const unsupported = unsupportedPart(resource);
  if (unsupported !== undefined) return unsupportedIntegration(resource.logicalId, unsupported);
  const { Integration, MethodResponses, RequestParameters } = parseProperties(
    resource,
    methodSchema,
  );
  switch (Integration.Type) {
    case 'MOCK':
      return readMock(resource, Integration, MethodResponses);
    case 'AWS_PROXY':
      return readLambdaProxy(template, resource, Integration);
    case 'HTTP_PROXY':
      return readHttpProxy(resource, Integration, Object.keys(RequestParameters));
  }
}

function readAuthorization(
  resource: ResolvedResource,
  { AuthorizationType, AuthorizerId }: Pick<MethodProperties, 'AuthorizationType' | 'AuthorizerId'>,
  authorizers: Authorizers,
): Pick<Method, 'authorizer'> {
  if (AuthorizationType === 'NONE') return {};
  const authorizer = authorizers.get(AuthorizerId ?? '');
  if (typeof authorizer === 'object') return { authorizer };
  throw new UnsupportedTemplateError(
    `${resource.logicalId}: AuthorizerId must name an authorizer of the same API`,
  );
}
