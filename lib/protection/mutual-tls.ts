import { Token } from 'aws-cdk-lib';
import { CfnBasePathMapping, CfnDomainName as RestDomainName } from 'aws-cdk-lib/aws-apigateway';
import { CfnApiMapping, CfnDomainName as HttpDomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IConstruct } from 'constructs';
import { resourcesWith } from '../cdk/construct-tree';
import { effectiveProperty } from '../cdk/effective-property';
import { type Referent, referentOf } from '../cdk/referent';
import { declaredApi } from './declared-api';

type DomainName = RestDomainName | HttpDomainName;

/** Host name of the default endpoint of an API, in any partition. */
const DEFAULT_ENDPOINT = /\.execute-api\.[a-z0-9-]+\.(?:amazonaws\.|api\.aws$)/;

/**
 * Returns a fault for each custom domain of an API that takes client certificates, if clients can also call the
 * API at its default endpoint, where there are none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html
 */
export function defaultEndpointFaults(
  scope: IConstruct,
  api: IConstruct,
  apiReferent: Referent,
): readonly string[] {
  const resource = declaredApi(apiReferent);
  if (resource === undefined) return [];
  const { disableExecuteApiEndpoint } = resource;
  const name = 'DisableExecuteApiEndpoint';
  if (effectiveProperty(resource, name, disableExecuteApiEndpoint) === true) return [];
  return domainsOf(scope, apiReferent)
    .filter(takesCertificates)
    .map(
      ({ node }) =>
        `${api.node.path}: disableExecuteApiEndpoint must be true, since ${node.path} takes client ` +
        'certificates, and the default endpoint does not',
    );
}

/** Knowledge at synthesis of whether clients can present certificates. */
export type ClientCertificates = 'possible' | 'impossible' | 'unknown';

/**
 * Returns whether clients can present certificates where they call an API. It is not known for a custom domain that
 * the app does not declare.
 *
 * @param url URL at the host that clients call
 */
export function clientCertificates(
  scope: IConstruct,
  apiReferent: Referent,
  url: string,
): ClientCertificates {
  if (Token.isUnresolved(url)) return 'unknown';
  const { hostname } = new URL(url);
  if (DEFAULT_ENDPOINT.test(hostname)) return 'impossible';
  const domains = domainsOf(scope, apiReferent).filter((it) => it.domainName === hostname);
  if (domains.some(takesCertificates)) return 'possible';
  return domains.length > 0 ? 'impossible' : 'unknown';
}

function takesCertificates(domain: DomainName): boolean {
  const { mutualTlsAuthentication } = domain;
  return (
    effectiveProperty(domain, 'MutualTlsAuthentication', mutualTlsAuthentication) !== undefined
  );
}

/** Returns the custom domains of the app that are mapped to an API. */
function domainsOf(scope: IConstruct, apiReferent: Referent): readonly DomainName[] {
  const mappings = [
    ...resourcesWith(scope, CfnBasePathMapping, 'restApiId', apiReferent),
    ...resourcesWith(scope, CfnApiMapping, 'apiId', apiReferent),
  ];
  return mappings.flatMap((mapping): readonly DomainName[] => {
    const domain = referentOf(mapping, mapping.domainName);
    if (domain instanceof RestDomainName || domain instanceof HttpDomainName) return [domain];
    return [
      ...resourcesWith(scope, RestDomainName, 'domainName', domain),
      ...resourcesWith(scope, HttpDomainName, 'domainName', domain),
    ];
  });
}
