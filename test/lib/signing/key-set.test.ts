import { Match, type Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpApiProtection, KeySet, RestApiProtection, SigningKmsKey } from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { methodsOf, newStack, only, synthesizeConstructs } from '../../support/synthesize';

const PATHS = ['/.well-known/jwks.json', '/.well-known/oauth-authorization-server'];

describe('a published key set', () => {
  let template: Template;
  let functionId: string;
  beforeAll(() => {
    template = synthesizeConstructs((stack) => {
      const authorizerFunction = addAuthorizerFunction(stack);
      const restApi = new RestApi(stack, 'RestApi', {
        defaultMethodOptions: { apiKeyRequired: true },
      });
      const httpApi = new HttpApi(stack, 'HttpApi');
      const keySet = new KeySet(stack, 'KeySet', {
        keys: new SigningKmsKey(stack, 'Keys'),
        issuer: 'https://api.example.com',
      });
      new RestApiProtection(stack, 'Rest', { api: restApi, authorizerFunction }).publishKeySet(
        keySet,
      );
      new HttpApiProtection(stack, 'Http', { api: httpApi, authorizerFunction }).publishKeySet(
        keySet,
      );
    });
    [functionId] = only(template, 'AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('^Publishes'),
    });
  });

  it.each(PATHS)('a REST API serves %s to everyone', (path) => {
    const { properties } = methodsOf(template).get(`GET ${path}`) ?? {};

    expect(properties).toMatchObject({
      AuthorizationType: 'NONE',
      ApiKeyRequired: false,
      Integration: { Type: 'AWS_PROXY' },
    });
    expect(JSON.stringify(properties?.Integration['Uri'])).toContain(functionId);
  });

  it.each(PATHS)('an HTTP API serves %s to everyone', (path) => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: `GET ${path}`,
      AuthorizationType: 'NONE',
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationUri: { 'Fn::GetAtt': [functionId, 'Arn'] },
      PayloadFormatVersion: '1.0',
    });
  });

  it('rejects an issuer that is not an https: URL', () => {
    const stack = newStack();
    const keys = new SigningKmsKey(stack, 'Keys');

    for (const issuer of ['api', 'http://api.example.com', 'https://api.example.com/?a=b']) {
      expect(() => new KeySet(stack, 'KeySet', { keys, issuer })).toThrow(/^issuer must /);
      stack.node.tryRemoveChild('KeySet');
    }
  });
});
