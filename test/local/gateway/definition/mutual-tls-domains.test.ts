import { mutualTlsDomains } from '../../../../local/gateway/definition/mutual-tls-domains';
import { resolveTemplate } from '../../../../local/template/resolve';

const TRUST_STORE = { MutualTlsAuthentication: { TruststoreUri: { Ref: 'Unknown' } } };
const SERVED = [
  { api: 'Rest', stage: 'prod' },
  { api: 'Http', stage: '$default' },
];

const resource = (Type: string, Properties: object) => ({ Type, Properties });
const restDomain = (properties: object = TRUST_STORE) =>
  resource('AWS::ApiGateway::DomainName', { DomainName: 'rest.example.com', ...properties });
const httpDomain = (properties: object = TRUST_STORE) =>
  resource('AWS::ApiGatewayV2::DomainName', { DomainName: 'http.example.com', ...properties });
const restMapping = (properties: object) =>
  resource('AWS::ApiGateway::BasePathMapping', { RestApiId: { Ref: 'Rest' }, ...properties });
const httpMapping = (properties: object) =>
  resource('AWS::ApiGatewayV2::ApiMapping', { ApiId: { Ref: 'Http' }, ...properties });

const domainsOf = (resources: object) => {
  const Resources = {
    Rest: resource('AWS::ApiGateway::RestApi', { Name: 'Rest' }),
    Http: resource('AWS::ApiGatewayV2::Api', { Name: 'Http' }),
    ...resources,
  };
  return mutualTlsDomains(resolveTemplate({ Resources }, { stackName: 'Stack' }), SERVED);
};

describe('the domain names with mutual TLS of a template', () => {
  it('the domain names with mutual TLS of a template have the mappings of REST and HTTP APIs, with a stage in the path where the mapping has none', () => {
    const DomainName = { Ref: 'Domain' };

    expect(
      domainsOf({
        Domain: restDomain(),
        Root: restMapping({ DomainName, Stage: 'prod' }),
        Base: restMapping({ DomainName, BasePath: 'orders', Stage: 'prod' }),
        Stageless: restMapping({ DomainName, BasePath: 'orders' }),
        Other: httpDomain(),
        Mapping: httpMapping({
          DomainName: { Ref: 'Other' },
          ApiMappingKey: 'a/b',
          Stage: '$default',
        }),
      }),
    ).toEqual([
      {
        domainName: 'rest.example.com',
        mappings: [
          { domainName: 'rest.example.com', api: 'Rest', prefix: '/orders/prod' },
          { domainName: 'rest.example.com', api: 'Rest', prefix: '/orders' },
          { domainName: 'rest.example.com', api: 'Rest', prefix: '' },
        ],
      },
      {
        domainName: 'http.example.com',
        mappings: [{ domainName: 'http.example.com', api: 'Http', prefix: '/a/b' }],
      },
    ]);
  });

  it('the domain names with mutual TLS of a template can be of either kind, whatever the kind of the API, and have mappings of both kinds', () => {
    const DomainName = { Ref: 'Domain' };

    expect(
      domainsOf({
        Domain: httpDomain(),
        One: restMapping({ DomainName, BasePath: 'rest', Stage: 'prod' }),
        Two: httpMapping({ DomainName, ApiMappingKey: 'longer/http', Stage: '$default' }),
      })[0]?.mappings,
    ).toMatchObject([
      { api: 'Http', prefix: '/longer/http' },
      { api: 'Rest', prefix: '/rest' },
    ]);
  });

  it.each([
    ['without a trust store', restDomain({}), {}],
    ['of another stage', restDomain(), { Stage: 'test' }],
    ['of an API that is not served', restDomain(), { RestApiId: 'elsewhere' }],
  ])(
    'the domain names with mutual TLS of a template do not include one %s',
    (_, Domain, properties) => {
      const Mapping = restMapping({ DomainName: { Ref: 'Domain' }, Stage: 'prod', ...properties });

      expect(domainsOf({ Domain, Mapping })).toEqual([]);
    },
  );
});
