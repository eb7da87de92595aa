import type { ApiKeys } from '../../definition/rest/api-keys';
import { type HttpRequest, headerValues } from '../../request/message';
import type { Ended } from '../pipeline';
import { endWithGatewayResponse } from './gateway-response';
import type { AuthorizedRestInvocation } from './invocation';

/**
 * Step: rejects a request without a key of a usage plan of the stage, where the method requires one.
 * Quotas and throttles of usage plans are not enforced.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-key-source.html
 */
export function checkApiKey(
  invocation: AuthorizedRestInvocation,
): AuthorizedRestInvocation | Ended {
  const { api, method, request, usageIdentifierKey } = invocation;
  if (!method.apiKeyRequired || hasApiKey(api.apiKeys, request, usageIdentifierKey)) {
    return invocation;
  }
  return endWithGatewayResponse(invocation, { responseType: 'INVALID_API_KEY' });
}

function hasApiKey(
  { source, values }: ApiKeys,
  { headers }: HttpRequest,
  usageIdentifierKey: string | undefined,
): boolean {
  const key = source === 'AUTHORIZER' ? usageIdentifierKey : headerValues(headers, 'X-API-Key')[0];
  return key !== undefined && values.has(key);
}
