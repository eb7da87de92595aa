import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../../../template/unsupported';
import type { LambdaAuthorizer } from '../lambda-authorizer';
import { functionArnOfUri, readPermissions } from '../lambda-permission';
import { notSupported } from '../not-supported';
import { parseMappingExpression } from './mapping-expression';
import { authorizerSchema } from './resource-schemas';

/**
 * Reads a REQUEST authorizer of a REST API.
 *
 * @throws UnsupportedTemplateError naming a property or an expression that is not supported
 */
export function readAuthorizer(
  template: ResolvedTemplate,
  resource: ResolvedResource,
): LambdaAuthorizer {
  const { logicalId, ref } = resource;
  const { RestApiId, AuthorizerUri, IdentitySource, AuthorizerResultTtlInSeconds } =
    parseProperties(resource, authorizerSchema);
  const functionArn = functionArnOfUri(AuthorizerUri);
  if (!functionArn) throw notSupported(`${logicalId}: AuthorizerUri ${AuthorizerUri}`);
  const identitySources = IdentitySource.split(',')
    .filter((expression) => expression !== '')
    .map((expression) => parseMappingExpression(expression.trim()));
  // AWS does not list path parameters among the identity sources of a REQUEST authorizer.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
  if (identitySources.some(({ from }) => from === 'path' || from === 'literal')) {
    throw new UnsupportedTemplateError(
      `${logicalId}: IdentitySource must be a list of identity sources, got: ${IdentitySource}`,
    );
  }
  if (AuthorizerResultTtlInSeconds > 0 && identitySources.length === 0) {
    throw new UnsupportedTemplateError(
      `${logicalId}: IdentitySource must not be empty where results are cached`,
    );
  }
  const isInvocationAllowed = readPermissions(template, functionArn);
  return {
    authorizerId: ref,
    functionArn,
    invocationAllowed: isInvocationAllowed(`${RestApiId}/authorizers/${ref}`),
    identitySources,
    resultTtlSeconds: AuthorizerResultTtlInSeconds,
  };
}
