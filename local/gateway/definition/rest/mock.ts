import type { ResolvedResource } from '../../../template/resolve';
import { UnsupportedTemplateError } from '../../../template/unsupported';
import type { HeaderField } from '../../request/message';
import { notSupported } from '../not-supported';
import { parseMappingExpression } from './mapping-expression';
import { unsupportedReference } from './mock-template';
import type { MethodResponses, MockProperties } from './resource-schemas';

/**
 * MOCK integration that responds to CORS preflight requests or serves static documents.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export interface Mock {
  readonly type: 'MOCK';
  /** True if binary requests are converted to text for the request template. */
  readonly convertsToText: boolean;
  /** Status that the request template sets, by which an integration response is selected; absent without template. */
  readonly statusCode?: string;
  /** True if a body without a template for its media type selects the response itself. */
  readonly passesBodies: boolean;
  readonly responses: readonly MockResponse[];
}

/** Integration response of a mock. */
export interface MockResponse {
  readonly status: number;
  /** Pattern of the statuses that select the response; absent on the default response. */
  readonly selectionPattern?: RegExp;
  readonly headers: readonly HeaderField[];
  /** Response template in the Velocity Template Language. */
  readonly template: string;
}

/**
 * Reads a MOCK integration.
 *
 * @throws UnsupportedTemplateError naming a template or a mapping that is not supported
 */
export function readMock(
  { logicalId }: ResolvedResource,
  properties: MockProperties,
  methodResponses: MethodResponses,
): Mock {
  const requestTemplate = properties.RequestTemplates['application/json'];
  const statusCode = requestTemplate && mockStatus(requestTemplate);
  if (requestTemplate !== undefined && !statusCode) {
    throw notSupported(`${logicalId}: the request template ${requestTemplate}`);
  }
  const passing = ['WHEN_NO_MATCH', ...(statusCode ? [] : ['WHEN_NO_TEMPLATES'])];
  return {
    type: 'MOCK',
    convertsToText: properties.ContentHandling === 'CONVERT_TO_TEXT',
    ...(statusCode && { statusCode }),
    passesBodies: passing.includes(properties.PassthroughBehavior),
    responses: properties.IntegrationResponses.map((response) =>
      readResponse(logicalId, response, methodResponses),
    ),
  };
}

/** Returns the status that a request template or a body sets, or `undefined` for text of another form. */
export function mockStatus(text: string): string | undefined {
  return /^\s*\{\s*"?statusCode"?\s*:\s*(\d{3})\s*\}\s*$/.exec(text)?.[1];
}

function readResponse(
  logicalId: string,
  {
    StatusCode,
    SelectionPattern,
    ResponseParameters,
    ResponseTemplates,
  }: MockProperties['IntegrationResponses'][number],
  methodResponses: MethodResponses,
): MockResponse {
  const declared = methodResponses
    .filter((methodResponse) => Number(methodResponse.StatusCode) === StatusCode)
    .flatMap((methodResponse) => Object.keys(methodResponse.ResponseParameters));
  const template = ResponseTemplates['application/json'] ?? '';
  const reference = unsupportedReference(template);
  if (reference) throw notSupported(`${logicalId}: ${reference} in a response template`);
  return {
    status: StatusCode,
    ...(SelectionPattern !== undefined && {
      selectionPattern: new RegExp(`^(?:${SelectionPattern})$`),
    }),
    headers: Object.entries(ResponseParameters).map(([target, expression]) => {
      const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
      if (!name) throw notSupported(`${logicalId}: the mapping target ${target}`);
      const source = parseMappingExpression(expression);
      if (source.from !== 'literal') {
        throw notSupported(`${logicalId}: the mapping source ${expression}`);
      }
      // API Gateway rejects the deployment: "Invalid mapping expression specified".
      if (!declared.includes(target)) {
        throw new UnsupportedTemplateError(
          `${logicalId}: ${target} must be declared by a method response of status ${StatusCode}`,
        );
      }
      return [name, source.value];
    }),
    template,
  };
}
