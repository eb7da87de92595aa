import type { ResolvedResource, ResolvedTemplate } from '../../../template/resolve';
import { parseProperties, UnsupportedTemplateError } from '../../../template/unsupported';
import type { LambdaAuthorizer } from '../../pipeline/invoke-authorizer';
import type { ValueSource } from '../../request/value-source';
import { functionOfUri, readPermissions } from '../lambda-permission';
import { authorizerSchema } from './resource-schemas';
import { parseSelectionExpression } from './selection-expression';

/** A Lambda authorizer of an HTTP API. */
export interface HttpAuthorizer extends LambdaAuthorizer {
  readonly payloadFormat: '1.0' | '2.0';
  /** Whether the result is `{ isAuthorized, context }` instead of an IAM policy. */
  readonly simpleResponses: boolean;
  readonly identitySources: readonly ValueSource[];
}

/** @throws NotUnderstoodError naming a property or an expression that is not imitated */
export function readAuthorizer(
  template: ResolvedTemplate,
  resource: ResolvedResource,
): HttpAuthorizer {
  const refuse = (what: string): never => {
    throw new UnsupportedTemplateError(
      `local mode does not understand ${resource.logicalId}: ${what}`,
    );
  };
  const properties = parseProperties(resource, authorizerSchema);
  const payloadFormat = properties.AuthorizerPayloadFormatVersion;
  const simpleResponses = properties.EnableSimpleResponses;
  // "To return a Boolean value, enable simple responses": format 1.0 knows policies only.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
  if (simpleResponses && payloadFormat === '1.0') {
    return refuse('EnableSimpleResponses with payload format 1.0');
  }
  const functionArn = functionOfUri(properties.AuthorizerUri);
  if (!functionArn) return refuse(`AuthorizerUri ${properties.AuthorizerUri}`);
  const identitySources = properties.IdentitySource.map((expression) => {
    const source = parseSelectionExpression(expression.replace(/^\$/, ''));
    const usable = ['header', 'querystring', 'context', 'stageVariables'].includes(source.from);
    return expression.startsWith('$') && usable
      ? source
      : refuse(`${expression} is not an identity source`);
  });
  if (properties.AuthorizerResultTtlInSeconds > 0 && identitySources.length === 0) {
    // "To enable caching, your authorizer must have at least one identity source."
    return refuse('it caches results but names no identity source');
  }
  return {
    authorizerId: resource.ref,
    functionArn,
    mayInvoke: readPermissions(
      template,
      functionArn,
    )(`${properties.ApiId}/authorizers/${resource.ref}`),
    resultTtlSeconds: properties.AuthorizerResultTtlInSeconds,
    payloadFormat,
    simpleResponses,
    identitySources,
  };
}
