import type { Mock } from '../../definition/rest/mock';
import type { RestApiFailure } from '../../definition/rest/response-types';
import type { InvocationContext } from '../../request/invocation-context';
import { type HttpResponse, withoutHeaders } from '../../request/message';
import { withContentType } from './header-rules';
import { renderMockTemplate } from './mock-template';

/**
 * Returns the response of a mock. If every media type is binary, the request template can read the
 * request only after conversion to text.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
export function callMock(
  { convertsToText, responses, statusCode }: Mock,
  context: InvocationContext,
  binaryMediaTypes: readonly string[],
): HttpResponse | RestApiFailure {
  if (binaryMediaTypes.includes('*/*') && !convertsToText) {
    const fault = 'the mock cannot read binary requests: ContentHandling must be CONVERT_TO_TEXT';
    return { responseType: 'API_CONFIGURATION_ERROR', fault };
  }
  const response =
    responses.find(({ selectionPattern }) => selectionPattern?.test(statusCode)) ??
    responses.find(({ selectionPattern }) => selectionPattern === undefined);
  if (!response) {
    const fault = `no integration response of the mock matches the status ${statusCode}`;
    return { responseType: 'API_CONFIGURATION_ERROR', fault };
  }
  const { body, overrides } = renderMockTemplate(response.template, context);
  const headers = withoutHeaders(
    response.headers,
    overrides.map(([name]) => name),
  );
  return {
    status: response.status,
    headers: withContentType([...headers, ...overrides]),
    body: Buffer.from(body),
  };
}
