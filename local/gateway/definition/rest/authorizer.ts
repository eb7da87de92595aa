import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../../../template/unsupported';
import type { LambdaAuthorizer } from '../../pipeline/invoke-authorizer';
import type { ValueSource } from '../../request/value-source';
import { functionOfUri, readPermissions } from '../lambda-permission';
import { parseMappingExpression } from './mapping-expression';
import { authorizerSchema } from './resource-schemas';

/** A REQUEST authorizer of a REST API. */
export interface RestAuthorizer extends LambdaAuthorizer {
  readonly identitySources: readonly ValueSource[];
}

/** @throws NotUnderstoodError naming a property or an expression that is not imitated */
export function readAuthorizer(
  template: ResolvedTemplate,
  resource: ResolvedResource,
): RestAuthorizer {
  const properties = parseProperties(resource, authorizerSchema);
  const functionArn = functionOfUri(properties.AuthorizerUri);
  if (!functionArn) {
    throw new UnsupportedTemplateError(
      `local mode does not understand ${resource.logicalId}: AuthorizerUri ${properties.AuthorizerUri}`,
    );
  }
  const expressions = properties.IdentitySource.split(',').filter(
    (expression) => expression !== '',
  );
  const identitySources = expressions.map((expression) =>
    parseMappingExpression(expression.trim()),
  );
  // "path parameters" are not among the sources a REQUEST authorizer may name.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
  if (identitySources.some(({ from }) => from === 'path' || from === 'literal')) {
    throw new UnsupportedTemplateError(
      `${resource.logicalId}: ${properties.IdentitySource} is not a list of identity sources`,
    );
  }
  if (properties.AuthorizerResultTtlInSeconds > 0 && identitySources.length === 0) {
    throw new UnsupportedTemplateError(
      `${resource.logicalId} caches results but names no identity source`,
    );
  }
  return {
    authorizerId: resource.ref,
    functionArn,
    mayInvoke: readPermissions(
      template,
      functionArn,
    )(`${properties.RestApiId}/authorizers/${resource.ref}`),
    identitySources,
    resultTtlSeconds: properties.AuthorizerResultTtlInSeconds,
  };
}
