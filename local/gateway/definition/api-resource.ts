import type { ResolvedResource, ResolvedTemplate } from '../../template/resolve';
import { requireSingle } from './require-single';

/** Resource type of a REST API. */
export const REST_API = 'AWS::ApiGateway::RestApi';

/** Resource type of an HTTP API. */
export const HTTP_API = 'AWS::ApiGatewayV2::Api';

/** Resource types that are APIs. */
export const API_RESOURCE_TYPES: readonly string[] = [REST_API, HTTP_API];

/**
 * Returns an API of a template.
 *
 * @param logicalId the API's logical id; by default the template must have exactly one API
 * @throws UnsupportedTemplateError if there is no such API, or more than one
 */
export function findApi(template: ResolvedTemplate, logicalId?: string): ResolvedResource {
  const candidates = template.resources.filter(
    (resource) =>
      API_RESOURCE_TYPES.includes(resource.type) &&
      (logicalId === undefined || resource.logicalId === logicalId),
  );
  return requireSingle(candidates, logicalId ? `API ${logicalId}` : 'API');
}
