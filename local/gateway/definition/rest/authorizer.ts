import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../../../template/unsupported';
import { type LambdaAuthorizer, readLambdaAuthorizer } from '../lambda-authorizer';
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
  const { RestApiId, IdentitySource, ...properties } = parseProperties(resource, authorizerSchema);
  const identitySources = IdentitySource.split(',')
    .filter((expression) => expression !== '')
    .map((expression) => parseMappingExpression(expression.trim()));
  // AWS does not list path parameters among the identity sources of a REQUEST authorizer.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
  if (identitySources.some(({ from }) => from === 'path' || from === 'literal')) {
    throw new UnsupportedTemplateError(
      `${resource.logicalId}: IdentitySource must be a list of identity sources, got: ${IdentitySource}`,
    );
  }
  return readLambdaAuthorizer(template, resource, {
    ...properties,
    apiId: RestApiId,
    identitySources,
  });
}
