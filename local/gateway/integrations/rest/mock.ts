import { type Mock, mockStatus } from '../../definition/rest/mock';
import type { RestApiFailure } from '../../definition/rest/response-types';
import type { InvocationContext } from '../../request/invocation-context';
import { type HttpResponse, headerValues, withoutHeaders } from '../../request/message';
import { withContentType } from './header-rules';
import { renderMockTemplate } from './mock-template';

/**
 * Returns the response of a mock. If every media type is binary, the request template can read the
 * request only after conversion to text. The template is for `application/json`, which a request without
 * a content type counts as. With another one, or without a template, the body selects the response, or the mock
 * gives 415.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
export function callMock(
  mock: Mock,
  context: InvocationContext,
  binaryMediaTypes: readonly string[],
): HttpResponse | RestApiFailure {
  const { convertsToText, responses, passesBodies } = mock;
  const { headers: sent, body: content } = context.request;
  if (binaryMediaTypes.includes('*/*') && !convertsToText) {
    const fault = 'the mock cannot read binary requests: ContentHandling must be CONVERT_TO_TEXT';
    return { responseType: 'API_CONFIGURATION_ERROR', fault };
  }
  const contentType = headerValues(sent, 'Content-Type')[0] ?? 'application/json';
  const hasTemplate = mock.statusCode !== undefined;
  const matches =
    hasTemplate && contentType.split(';')[0]?.trim().toLowerCase() === 'application/json';
  if (!matches && !passesBodies) return { responseType: 'UNSUPPORTED_MEDIA_TYPE' };
  const statusCode = matches ? mock.statusCode : mockStatus(content.toString());
  if (statusCode === undefined) {
    const fault = `the mock has no template for ${contentType}, and the body sets no statusCode`;
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
