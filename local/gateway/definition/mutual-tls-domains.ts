import type { ResolvedResource, ResolvedTemplate } from '../../template/resolve';
import type { Endpoint } from '../request/endpoint';

/** Custom domain name that takes client certificates. */
export interface MutualTlsDomain {
  readonly domainName: string;
  /** Mappings to APIs, the longest prefix first. */
  readonly mappings: readonly DomainMapping[];
}

/** Mapping of a domain name to a stage of an API. */
export interface DomainMapping extends Pick<Endpoint, 'prefix'> {
  /** Logical id of the API. */
  readonly api: string;
}

/** Stage of an API that is served. */
export interface ServedStage {
  /** Logical id of the API. */
  readonly api: string;
  readonly stage: string;
}

/** Properties that name the API and the base path, by type of the mapping. */
const MAPPINGS = {
  'AWS::ApiGateway::BasePathMapping': { api: 'RestApiId', basePath: 'BasePath' },
  'AWS::ApiGatewayV2::ApiMapping': { api: 'ApiId', basePath: 'ApiMappingKey' },
} as const;

const DOMAINS = ['AWS::ApiGateway::DomainName', 'AWS::ApiGatewayV2::DomainName'];

/**
 * Returns the domain names with mutual TLS that are mapped to stages that are served. Properties are read one
 * by one: others can refer to what local mode does not imitate.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-domainname.html
 */
export function mutualTlsDomains(
  template: ResolvedTemplate,
  served: readonly ServedStage[],
): readonly MutualTlsDomain[] {
  const mappings = Object.entries(MAPPINGS)
    .flatMap(([type, names]) =>
      template.ofType(type).flatMap((resource) => mappingsOf(resource, names, served, template)),
    )
    .sort((one, other) => other.prefix.length - one.prefix.length);
  return DOMAINS.flatMap((type) => template.ofType(type))
    .filter(({ properties }) => Object.hasOwn(properties as object, 'MutualTlsAuthentication'))
    .map(({ ref }) => ({
      domainName: ref,
      mappings: mappings.filter(({ domainName }) => domainName === ref),
    }))
    .filter((domain) => domain.mappings.length > 0);
}

/** Returns the mapping if its stage is served. Without a stage, clients name the stage in the path. */
function mappingsOf(
  { properties }: ResolvedResource,
  names: { readonly api: string; readonly basePath: string },
  served: readonly ServedStage[],
  template: ResolvedTemplate,
): readonly (DomainMapping & { readonly domainName: string })[] {
  const values = properties as Readonly<Record<string, string | undefined>>;
  const { DomainName: domainName = '', Stage } = values;
  const found = served.find(({ api }) => template.get(api).ref === values[names.api]);
  if (found === undefined || (Stage ?? found.stage) !== found.stage) return [];
  const segments = [values[names.basePath], Stage === undefined ? found.stage : undefined];
  const prefix = segments.flatMap((segment) => (segment ? [`/${segment}`] : [])).join('');
  return [{ domainName, api: found.api, prefix }];
}
