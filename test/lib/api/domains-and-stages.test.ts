import type { Stack } from 'aws-cdk-lib';
import { Stage } from 'aws-cdk-lib/aws-apigateway';
import { ApiMapping, DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AuthorizerFunction, PhantomTokenHttpApi, PhantomTokenRestApi } from '../../../lib';
import { only, synthesizeConstructs } from '../../support/synthesize';

const CERTIFICATE = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d';

const certificate = (stack: Stack) => Certificate.fromCertificateArn(stack, 'Tls', CERTIFICATE);
const upstream = 'https://orders.internal.example.com';

function unused(stack: Stack): AuthorizerFunction {
  return new AuthorizerFunction(stack, 'Authorizer', {
    introspectionEndpoint: 'https://login.example.com/introspect',
  });
}

describe('a domain name of your own', () => {
  it('a domain name of your own leads to a REST API, which has no other endpoint if that is configured', () => {
    const template = synthesizeConstructs(
      (stack) =>
        new PhantomTokenRestApi(stack, 'Api', {
          authorizerFunction: unused(stack),
          upstream,
          realm: 'api',
          scopes: [],
          domainName: {
            domainName: 'api.example.com',
            certificate: certificate(stack),
            basePath: 'orders',
          },
          disableExecuteApiEndpoint: true,
        }),
    );
    const [api] = only(template, 'AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: true });
    const [domain] = only(template, 'AWS::ApiGateway::DomainName', {
      DomainName: 'api.example.com',
    });

    template.hasResourceProperties('AWS::ApiGateway::BasePathMapping', {
      BasePath: 'orders',
      DomainName: { Ref: domain },
      RestApiId: { Ref: api },
    });
  });

  it('a domain name of your own leads to an HTTP API', () => {
    const template = synthesizeConstructs((stack) => {
      const domainName = new DomainName(stack, 'Domain', {
        domainName: 'api.example.com',
        certificate: certificate(stack),
      });
      const api = new PhantomTokenHttpApi(stack, 'Api', {
        authorizerFunction: unused(stack),
        upstream,
        scopes: [],
      });
      new ApiMapping(stack, 'Mapping', { api, domainName, apiMappingKey: 'orders' });
    });
    const [api] = only(template, 'AWS::ApiGatewayV2::Api');

    template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
      ApiId: { Ref: api },
      ApiMappingKey: 'orders',
    });
  });
});

describe('several stages', () => {
  it('several stages of a REST API are protected by the same authorizers, which can call the function for each stage', () => {
    const template = synthesizeConstructs((stack) => {
      const api = new PhantomTokenRestApi(stack, 'Api', {
        authorizerFunction: unused(stack),
        upstream,
        realm: 'api',
        scopes: [],
      });
      const { latestDeployment: deployment } = api;
      if (deployment) new Stage(stack, 'Beta', { deployment, stageName: 'beta' });
    });
    const [api] = only(template, 'AWS::ApiGateway::RestApi');
    const [, permission] = only(template, 'AWS::Lambda::Permission');
    const { 'Fn::Join': source } = permission['SourceArn'] as { 'Fn::Join': [string, unknown[]] };

    template.resourceCountIs('AWS::ApiGateway::Stage', 2);
    // Not of one stage: ARNs of authorizers name none.
    expect(source[1].slice(-2)).toEqual([{ Ref: api }, '/authorizers/*']);
  });

  it('several stages of an HTTP API are protected by the same authorizers', () => {
    const template = synthesizeConstructs((stack) => {
      const api = new PhantomTokenHttpApi(stack, 'Api', {
        authorizerFunction: unused(stack),
        upstream,
        scopes: [],
      });
      api.addStage('Beta', { stageName: 'beta', autoDeploy: true });
    });
    const [api] = only(template, 'AWS::ApiGatewayV2::Api');
    const [, permission] = only(template, 'AWS::Lambda::Permission');
    const { 'Fn::Join': source } = permission['SourceArn'] as { 'Fn::Join': [string, unknown[]] };

    template.resourceCountIs('AWS::ApiGatewayV2::Stage', 2);
    expect(source[1].slice(-2)).toEqual([{ Ref: api }, '/authorizers/*']);
  });
});
