import velocity from 'velocityjs';
import type { ResolvedResource } from '../template/resolve';
import { NotUnderstoodError } from '../template/understand';
import type { Failure } from './gateway-response';
import { withContentType } from './header-rules';
import { type Answer, type HeaderField, headerValues, withoutHeaders } from './message';
import type { MockProperties } from './resource-schemas';
import { type Exchange, parseValueSource } from './value-source';

/**
 * A MOCK integration, as it answers CORS preflight requests.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export interface Mock {
  readonly type: 'MOCK';
  /** The status that the request template makes up, to select a response by. */
  readonly statusCode: string;
  readonly responses: readonly MockResponse[];
}

interface MockResponse {
  readonly status: number;
  /** Absent on the default response. */
  readonly selectionPattern?: RegExp;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Velocity template of the body, which may also override headers. */
  readonly template?: string;
}

/** @throws NotUnderstoodError naming a template or a mapping that is not imitated */
export function readMock(resource: ResolvedResource, properties: MockProperties): Mock {
  const refuse = (what: string): never => {
    throw new NotUnderstoodError(`local mode does not understand ${resource.logicalId}: ${what}`);
  };
  const requestTemplate = properties.RequestTemplates['application/json'];
  const statusCode = /^\s*\{\s*"?statusCode"?\s*:\s*(\d{3})\s*\}\s*$/.exec(requestTemplate)?.[1];
  if (!statusCode) return refuse(`the request template ${requestTemplate}`);
  return {
    type: 'MOCK',
    statusCode,
    responses: properties.IntegrationResponses.map((response) => {
      const template = response.ResponseTemplates['application/json'];
      const foreign = /\$!?\{?(?:input(?!\.params\(\)\.header\.get\()|util|stageVariables)\b[\w.]*/;
      const unknown = foreign.exec(template ?? '')?.[0];
      if (unknown) return refuse(`${unknown} in a response template`);
      return {
        status: response.StatusCode,
        ...(response.SelectionPattern !== undefined && {
          selectionPattern: new RegExp(`^(?:${response.SelectionPattern})$`),
        }),
        headers: Object.entries(response.ResponseParameters).map(([target, expression]) => {
          const name = /^method\.response\.header\.(.+)$/.exec(target)?.[1];
          if (!name) return refuse(`the mapping target ${target}`);
          const source = parseValueSource(expression);
          if (source.from !== 'literal') return refuse(`the mapping source ${expression}`);
          return [name, source.value];
        }),
        ...(template !== undefined && { template }),
      };
    }),
  };
}

/** Answers without any upstream. */
export function answerMock(integration: Mock, exchange: Exchange): Answer | Failure {
  const response =
    integration.responses.find(({ selectionPattern }) =>
      selectionPattern?.test(integration.statusCode),
    ) ?? integration.responses.find(({ selectionPattern }) => selectionPattern === undefined);
  if (!response) {
    const fault = `no integration response of the mock fits the status ${integration.statusCode}`;
    return { responseType: 'API_CONFIGURATION_ERROR', fault };
  }
  const { body, overrides } = render(response.template ?? '', exchange);
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

/**
 * Evaluates a Velocity template; `$context.responseOverride.header` may set headers.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
 */
function render(
  template: string,
  exchange: Exchange,
): { readonly body: string; readonly overrides: readonly HeaderField[] } {
  const header: Record<string, string> = {};
  const params = () => ({
    // CDK's templates ask for `Origin` and, when that is the empty string, for `origin`.
    header: { get: (name: string) => headerValues(exchange.request.headers, name)[0] ?? '' },
  });
  const context = { ...exchange.context, responseOverride: { header } };
  const body = velocity.render(template, { input: { params }, context });
  return { body, overrides: Object.entries(header) };
}
