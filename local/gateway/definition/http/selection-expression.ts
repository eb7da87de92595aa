import type { ValueSource } from '../../request/value-source';
import { notSupported } from '../not-supported';

/** Context variables that local mode has a value for, in addition to `authorizer.…`. */
const CONTEXT_VARIABLES = new Set([
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
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.identity-sources
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 * @throws UnsupportedTemplateError naming an expression of another form
 */
export function parseSelectionExpression(expression: string): ValueSource {
  if (expression === 'request.path') return { from: 'requestPath' };
  const [, from, name] =
    /^(?:request\.(header|querystring|path)|(?=(?:context|stageVariables)\.)(\w+))\.([^\s${}]+)$/
      .exec(expression)
      ?.filter((group) => group !== undefined) ?? [];
  const known =
    from !== 'context' || CONTEXT_VARIABLES.has(name ?? '') || /^authorizer\../.test(name ?? '');
  if (!from || !name || !known) throw notSupported(`the expression $${expression}`);
  return { from: from as 'header' | 'querystring' | 'path' | 'context' | 'stageVariables', name };
}
