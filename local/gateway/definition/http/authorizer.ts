import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../../../template/unsupported';
import type { ValueSource } from '../../request/value-source';
import { type LambdaAuthorizer, readLambdaAuthorizer } from '../lambda-authorizer';
import { notSupported } from '../not-supported';
import { authorizerSchema } from './resource-schemas';
import { parseSelectionExpression } from './selection-expression';

/** Lambda authorizer of an HTTP API. */
export interface HttpApiAuthorizer extends LambdaAuthorizer {
  readonly payloadFormat: '1.0' | '2.0';
  /** True if the result is `{ isAuthorized, context }` instead of an IAM policy. */
  readonly simpleResponses: boolean;
}

/**
 * Reads a Lambda authorizer of an HTTP API.
 *
 * @throws UnsupportedTemplateError naming a property or an expression that is not supported
 */
export function readAuthorizer(
  template: ResolvedTemplate,
  resource: ResolvedResource,
): HttpApiAuthorizer {
  const { logicalId } = resource;
  const { ApiId, IdentitySource, ...properties } = parseProperties(resource, authorizerSchema);
  const payloadFormat = properties.AuthorizerPayloadFormatVersion;
  const simpleResponses = properties.EnableSimpleResponses;
  // "To return a Boolean value, enable simple responses": format 1.0 supports policies only.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
  if (simpleResponses && payloadFormat === '1.0') {
    throw notSupported(`${logicalId}: EnableSimpleResponses with payload format 1.0`);
  }
  const identitySources = IdentitySource.map((expression) =>
    readIdentitySource(logicalId, expression),
  );
  return {
    ...readLambdaAuthorizer(template, resource, { ...properties, apiId: ApiId, identitySources }),
    payloadFormat,
    simpleResponses,
  };
}

function readIdentitySource(logicalId: string, expression: string): ValueSource {
  const source = parseSelectionExpression(expression.replace(/^\$/, ''));
  const usable = ['header', 'querystring', 'context', 'stageVariables'].includes(source.from);
  if (expression.startsWith('$') && usable) return source;
  throw new UnsupportedTemplateError(`${logicalId}: ${expression} is not an identity source`);
}
