import type { ResolvedResource } from '../../../template/resolve';
import { UnsupportedTemplateError } from '../../../template/unsupported';
import { parseMappingExpression } from '../../definition/rest/mapping-expression';
import type { MethodResponses, MockProperties } from '../../definition/rest/resource-schemas';
import { type GatewayResponse, withoutHeaders } from '../../request/message';
import type { InvocationContext } from '../../request/invocation-context';
import type { Failure } from '../../pipeline/rest/gateway-response';
import { withContentType } from './header-rules';
import { type MockTemplate, readMockTemplate } from './mock-template';

/**
 * A MOCK integration, as it answers CORS preflight requests and serves static documents.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export interface Mock {
  readonly type: 'MOCK';
  /** Whether binary requests are made text for the request template. */
  readonly convertsToText: boolean;
  /** The status that the request template makes up, to select a response by. */
  readonly statusCode: string;
  readonly responses: readonly MockResponse[];
}

interface MockResponse {
  readonly status: number;
  /** Absent on the default response. */
  readonly selectionPattern?: RegExp;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Renders body and header overrides. */
  readonly template: MockTemplate;
}

/** @throws NotUnderstoodError naming a template or a mapping that is not imitated */
export function readMock(
  resource: ResolvedResource,
  properties: MockProperties,
  methodResponses: MethodResponses,
): Mock {
  const refuse = (what: string): never => {
    throw new UnsupportedTemplateError(
      `local mode does not understand ${resource.logicalId}: ${what}`,
    );
  };
  const requestTemplate = properties.RequestTemplates['application/json'];
  const statusCode = /^\s*\{\s*"?statusCode"?\s*:\s*(\d{3})\s*\}\s*$/.exec(requestTemplate)?.[1];
  if (!statusCode) return refuse(`the request template ${requestTemplate}`);
  return {
    type: 'MOCK',
    convertsToText: properties.ContentHandling === 'CONVERT_TO_TEXT',
    statusCode,
    responses: properties.IntegrationResponses.map((response) => {
      const declared = methodResponses
        .filter(({ StatusCode }) => Number(StatusCode) === response.StatusCode)
        .flatMap(({ ResponseParameters }) => Object.keys(ResponseParameters));
      return {
        status: response.StatusCode,
        ...(response.SelectionPattern !== undefined && {
          selectionPattern: new RegExp(`^(?:${response.SelectionPattern})$`),
        }),
        headers: Object.entries(response.ResponseParameters).map(([target, expression]) => {
          const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
          if (!name) return refuse(`the mapping target ${target}`);
          const source = parseMappingExpression(expression);
          if (source.from !== 'literal') return refuse(`the mapping source ${expression}`);
          // API Gateway refuses the deployment: "Invalid mapping expression specified".
          if (!declared.includes(target))
            return refuse(`${target}, which no method response declares`);
          return [name, source.value];
        }),
        template: readMockTemplate(response.ResponseTemplates['application/json'] ?? '', refuse),
      };
    }),
  };
}

/**
 * Answers without any upstream. Where every media type is binary, the request template cannot read the
 * request unless that is made text first.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
export function answerMock(
  integration: Mock,
  exchange: InvocationContext,
  binaryMediaTypes: readonly string[],
): GatewayResponse | Failure {
  if (binaryMediaTypes.includes('*/*') && !integration.convertsToText) {
    const fault =
      'the mock cannot read binary requests: its ContentHandling is not CONVERT_TO_TEXT';
    return { responseType: 'API_CONFIGURATION_ERROR', fault };
  }
  const response =
    integration.responses.find(({ selectionPattern }) =>
      selectionPattern?.test(integration.statusCode),
    ) ?? integration.responses.find(({ selectionPattern }) => selectionPattern === undefined);
  if (!response) {
    const fault = `no integration response of the mock fits the status ${integration.statusCode}`;
    return { responseType: 'API_CONFIGURATION_ERROR', fault };
  }
  const { body, overrides } = response.template(exchange);
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
