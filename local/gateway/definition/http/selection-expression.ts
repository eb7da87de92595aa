import { UnsupportedTemplateError } from '../../../template/unsupported';
import type { ValueSource } from '../../request/value-source';

/** The context variables that local mode has a value for, besides `authorizer.…`. */
const contextVariables = new Set([
  'accountId',
  'apiId',
  'domainName',
  'domainPrefix',
  'extendedRequestId',
  'httpMethod',
  'identity.sourceIp',
  'identity.userAgent',
  'path',
  'protocol',
  'requestId',
  'requestTime',
  'requestTimeEpoch',
  'routeKey',
  'stage',
]);

/**
 * Reads a selection expression without its leading `$`, for example `request.header.Authorization`
 * or `context.routeKey`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.identity-sources
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 *
 * @throws NotUnderstoodError naming an expression of another form
 */
export function parseSelectionExpression(expression: string): ValueSource {
  if (expression === 'request.path') return { from: 'requestPath' };
  const [, from, name] =
    /^(?:request\.(header|querystring|path)|(?=(?:context|stageVariables)\.)(\w+))\.([^\s${}]+)$/
      .exec(expression)
      ?.filter((group) => group !== undefined) ?? [];
  const known =
    from !== 'context' || contextVariables.has(name ?? '') || /^authorizer\../.test(name ?? '');
  if (!from || !name || !known) {
    throw new UnsupportedTemplateError(
      `local mode does not understand the expression $${expression}`,
    );
  }
  return { from: from as 'header' | 'querystring' | 'path' | 'context' | 'stageVariables', name };
}
