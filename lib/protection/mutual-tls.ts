import {
  CfnBasePathMapping,
  type CfnRestApi,
  CfnDomainName as RestDomainName,
} from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnApi,
  CfnApiMapping,
  CfnDomainName as HttpDomainName,
} from 'aws-cdk-lib/aws-apigatewayv2';
import type { IConstruct } from 'constructs';
import { resourcesOf } from '../cdk/construct-tree';

/**
 * Returns a fault for each custom domain of an API that takes client certificates, if clients can also call the
 * API at its default endpoint, where there are none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
 */
export function defaultEndpointFaults(
  scope: IConstruct,
  api: IConstruct,
  apiId: string,
): readonly string[] {
  // Absent where the API is imported.
  const resource = api.node.defaultChild as CfnRestApi | CfnApi | undefined;
  if (resource === undefined || resource.disableExecuteApiEndpoint === true) return [];
  return mutualTlsDomains(scope, apiId).map(
    ({ node }) =>
      `${api.node.path}: disableExecuteApiEndpoint must be true, since ${node.path} takes client ` +
      'certificates, and the default endpoint does not',
  );
}

/** Returns the custom domains with mutual TLS that are mapped to an API. */
function mutualTlsDomains(scope: IConstruct, apiId: string): readonly IConstruct[] {
  const mapped = new Set([
    ...resourcesOf(scope, CfnBasePathMapping)
      .filter(({ restApiId }) => restApiId === apiId)
      .map(({ domainName }) => domainName),
    ...resourcesOf(scope, CfnApiMapping)
      .filter((mapping) => mapping.apiId === apiId)
      .map(({ domainName }) => domainName),
  ]);
  return [...resourcesOf(scope, RestDomainName), ...resourcesOf(scope, HttpDomainName)].filter(
    ({ mutualTlsAuthentication, ref, domainName }) =>
      mutualTlsAuthentication !== undefined &&
      [ref, domainName].some((name) => name !== undefined && mapped.has(name)),
  );
}
