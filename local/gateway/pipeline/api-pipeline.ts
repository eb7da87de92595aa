import type { ResolvedResource, ResolvedTemplate } from '../../template/resolve';
import { handle as handleHttp } from './http/pipeline';
import { httpFrontEnd } from './http/request-parser';
import type { Api } from './pipeline-result';
import type { GatewayPorts } from './ports';
import { handle as handleRest } from './rest/pipeline';
import { restFrontEnd } from './rest/request-parser';
import { readHttpApi } from '../definition/http/http-api';
import { requireSingle } from '../definition/require-single';
import { readRestApi } from '../definition/rest/rest-api';

const REST_API = 'AWS::ApiGateway::RestApi';
const HTTP_API = 'AWS::ApiGatewayV2::Api';

/** The types of resources that are an API. */
export const apiResourceTypes: readonly string[] = [REST_API, HTTP_API];

/**
 * Reads an API of either kind.
 *
 * @param logicalId which one; by default the only one of the template
 * @throws NotUnderstoodError naming what is not imitated, missing or ambiguous
 */
export function readApi(
  template: ResolvedTemplate,
  logicalId: string | undefined,
  ports: GatewayPorts,
): Api {
  const resource = findApi(template, logicalId);
  if (resource.type === REST_API) {
    const api = readRestApi(template, resource);
    return {
      ...logging(api),
      frontEnd: restFrontEnd,
      requestIdHeader: 'x-amzn-RequestId',
      handle: (request, refusal, now) => handleRest(api, request, refusal, now, ports),
    };
  }
  const api = readHttpApi(template, resource);
  return {
    ...logging(api),
    frontEnd: httpFrontEnd,
    requestIdHeader: 'Apigw-Requestid',
    handle: (request, refusal, now) => handleHttp(api, request, refusal, now, ports),
  };
}

/**
 * Returns an API of a template.
 *
 * @param logicalId which one; by default the only one of the template
 * @throws NotUnderstoodError if there is none, or several
 */
export function findApi(template: ResolvedTemplate, logicalId?: string): ResolvedResource {
  const candidates = template.resources.filter(
    (resource) =>
      apiResourceTypes.includes(resource.type) &&
      (logicalId === undefined || resource.logicalId === logicalId),
  );
  return requireSingle(candidates, logicalId ? `API ${logicalId}` : 'API');
}

function logging({ accessLogFormat }: Pick<Api, 'accessLogFormat'>): Pick<Api, 'accessLogFormat'> {
  return accessLogFormat === undefined ? {} : { accessLogFormat };
}
