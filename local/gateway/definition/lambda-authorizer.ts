import type { ResolvedResource, ResolvedTemplate } from '../../template/resolve';
import { UnsupportedTemplateError } from '../../template/unsupported';
import type { ValueSource } from '../request/value-source';
import { functionArnOfUri, readPermissions } from './lambda-permission';
import { notSupported } from './not-supported';

/** Lambda authorizer of the REQUEST type, of a REST API or an HTTP API. */
export interface LambdaAuthorizer {
  readonly authorizerId: string;
  readonly functionArn: string;
  /** True if the function's resource policy lets API Gateway invoke it for this authorizer. */
  readonly invocationAllowed: boolean;
  readonly identitySources: readonly ValueSource[];
  /** Lifetime of a cached result, in seconds; 0 turns the result cache off. */
  readonly resultTtlSeconds: number;
}

/**
 * Reads what the authorizers of both kinds of API have in common.
 *
 * @throws UnsupportedTemplateError if the URI is not that of a function invocation, or if results are cached
 * without an identity source
 */
export function readLambdaAuthorizer(
  template: ResolvedTemplate,
  { logicalId, ref }: ResolvedResource,
  properties: {
    readonly apiId: string;
    readonly AuthorizerUri: string;
    readonly AuthorizerResultTtlInSeconds: number;
    readonly identitySources: readonly ValueSource[];
  },
): LambdaAuthorizer {
  const { apiId, AuthorizerUri, AuthorizerResultTtlInSeconds, identitySources } = properties;
  const functionArn = functionArnOfUri(AuthorizerUri);
  if (!functionArn) throw notSupported(`${logicalId}: AuthorizerUri ${AuthorizerUri}`);
  // "To enable caching, your authorizer must have at least one identity source."
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
  if (AuthorizerResultTtlInSeconds > 0 && identitySources.length === 0) {
    throw new UnsupportedTemplateError(
      `${logicalId}: IdentitySource must not be empty where results are cached`,
    );
  }
  const isInvocationAllowed = readPermissions(template, functionArn);
  return {
    authorizerId: ref,
    functionArn,
    invocationAllowed: isInvocationAllowed(`${apiId}/authorizers/${ref}`),
    identitySources,
    resultTtlSeconds: AuthorizerResultTtlInSeconds,
  };
}
