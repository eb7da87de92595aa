import { Duration, NestedStack } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CfnMethod,
  Cors,
  HttpIntegration,
  LambdaIntegration,
  type MethodOptions,
  MockIntegration,
  RestApi,
  VpcLink,
} from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { PropError, RestApiProtection } from '../../../lib';
import { thrownBy } from '../../support/faults';
import {
  type Arrange,
  findings,
  linesOf,
  newFunction,
  protect,
} from '../../support/protected-rest-api';
import { methodsOf, synthesizeConstructs } from '../../support/synthesize';

const URL = 'https://orders.internal.example.com/orders';
const MAPPING = 'integration.request.header.Authorization';
const TOKEN = 'context.authorizer.authorization';

describe('a method that is left without the authorizer', () => {
  const forgotten = (path: string) =>
    `[Stack/Protection] ${path}: has no authorizer: declare it with the authorizer() of ` +
    'Stack/Protection, or with its publicAccess() if it needs no token; if it is declared before the ' +
    'protection, use protect() or protectAll({ except })';
  const forgottenL1 = (path: string) =>
    `[Stack/Protection] ${path}: has no authorizer: pass it to protect() of Stack/Protection, or call its ` +
    'protectAll(), and name it in protectAll({ except }) if it needs no token';

  it('a method without the authorizer fails synthesis, whenever it was declared, and all are listed', () => {
    const act = () =>
      synthesizeConstructs((stack) => {
        const api = new RestApi(stack, 'Orders');
        api.root.addMethod('GET');
        const protection = new RestApiProtection(stack, 'Protection', {
          api,
          authorizerFunction: newFunction(stack),
        });
        api.root.addMethod('PUT', new MockIntegration(), { authorizer: protection.authorizer() });
        api.root.addResource('{id}').addMethod('ANY', new MockIntegration(), {
          authorizationType: AuthorizationType.NONE,
        });
      });

    expect(linesOf(act)).toEqual([forgotten('GET /'), forgotten('ANY /{id}')]);
  });

  it('a method without the authorizer fails synthesis also as an L1 construct or in a nested stack', () => {
    expect(
      findings(({ stack, api }) => {
        new CfnMethod(stack, 'Raw', {
          restApiId: api.restApiId,
          resourceId: api.root.resourceId,
          httpMethod: 'GET',
        });
        const nested = new NestedStack(stack, 'Nested');
        const imported = RestApi.fromRestApiAttributes(nested, 'Imported', {
          restApiId: api.restApiId,
          rootResourceId: api.restApiRootResourceId,
        });
        imported.root.addMethod('PUT');
        api.root.addMethod('POST');
      }),
    ).toEqual(
      expect.arrayContaining([forgottenL1('GET /'), forgotten('PUT /'), forgotten('POST /')]),
    );
  });

  it('an OPTIONS method without the authorizer fails synthesis if it calls an upstream, and CDK’s preflight method passes', () => {
    const declare: Arrange = ({ api, protection }) => {
      const authorizer = protection.authorizer();
      api.root.addMethod('GET', new MockIntegration(), { authorizer });
      api.root.addResource('any').addMethod('OPTIONS', new HttpIntegration(URL), {
        authorizationType: AuthorizationType.NONE,
      });
    };
    const cors = { allowOrigins: Cors.ALL_ORIGINS };

    expect(findings(declare)).toEqual([forgotten('OPTIONS /any')]);
    expect(() =>
      protect(
        ({ api, protection }) => {
          const authorizer = protection.authorizer();
          api.root.addResource('a').addMethod('GET', new MockIntegration(), { authorizer });
        },
        {},
        { defaultCorsPreflightOptions: cors },
      ),
    ).not.toThrow();
  });

  it('a method of another API, or with another kind of authorization, passes synthesis without the authorizer', () => {
    expect(() =>
      protect(({ stack, api, protection }) => {
        const authorizer = protection.authorizer();
        api.root.addMethod('GET', new MockIntegration(), { authorizer });
        api.root.addMethod('PUT', new HttpIntegration(URL), {
          authorizationType: AuthorizationType.IAM,
        });
        new RestApi(stack, 'Other').root.addMethod('GET');
      }),
    ).not.toThrow();
  });
});

describe('the integration of a protected method', () => {
  const withIntegration =
    (
      integration: HttpIntegration | LambdaIntegration | MockIntegration,
      options: MethodOptions = {},
    ): Arrange =>
    ({ api, protection }) => {
      const authorizer = protection.authorizer();
      api.root.addMethod('GET', integration, { authorizer, ...options });
    };
  const http = (requestParameters: Record<string, string>, proxy = true) =>
    withIntegration(new HttpIntegration(URL, { proxy, options: { requestParameters } }));

  it.each([
    ['no mapping', {}],
    ['another source', { [MAPPING]: 'context.authorizer.jwt' }],
    ['the client’s own header', { [MAPPING]: 'method.request.header.Authorization' }],
    ['another header', { 'integration.request.header.X-Token': TOKEN }],
    ['the header in another case', { [MAPPING.toLowerCase()]: TOKEN }],
    [
      'the header in another case too',
      { [MAPPING]: TOKEN, [MAPPING.toLowerCase()]: 'method.request.header.x' },
    ],
  ])('the integration of a protected method fails synthesis with %s', (_, requestParameters) => {
    for (const proxy of [true, false]) {
      expect(findings(http(requestParameters, proxy))).toEqual([
        expect.stringMatching(
          /^\[Stack\/Protection\] GET \/: its integration forwards the client's Authorization header: use httpIntegration\(\), or map /,
        ),
      ]);
    }
  });

  it('the integration of a protected method can have the mapping by itself', () => {
    expect(() => protect(http({ [MAPPING]: TOKEN }))).not.toThrow();
  });

  it('the integration of a protected method needs no mapping if it is a function, which reads the token from the context', () => {
    expect(() =>
      protect((parts) => {
        const handler = new LambdaFunction(parts.stack, 'Upstream', {
          runtime: Runtime.NODEJS_24_X,
          handler: 'index.handler',
          code: Code.fromInline('exports.handler = async () => ({ statusCode: 204 });'),
        });
        withIntegration(new LambdaIntegration(handler))(parts);
      }),
    ).not.toThrow();
  });

  it('the integration of a protected method can have a VPC link, and other options of CDK', () => {
    const template = protect(({ stack, api, protection }) => {
      const vpcLink = VpcLink.fromVpcLinkId(stack, 'Link', 'link1');
      const integration = protection.httpIntegration('http://internal/{proxy+}', {
        vpcLink,
        httpMethod: 'POST',
        timeout: Duration.seconds(5),
        requestParameters: { 'integration.request.header.X-Stage': 'context.stage' },
      });
      const authorizer = protection.authorizer();
      api.root.addResource('{proxy+}').addMethod('ANY', integration, {
        authorizer,
        requestParameters: { 'method.request.querystring.page': false },
      });
    });

    expect(methodsOf(template).get('ANY /{proxy+}')?.properties).toMatchObject({
      RequestParameters: {
        'method.request.path.proxy': true,
        'method.request.querystring.page': false,
      },
      Integration: {
        ConnectionType: 'VPC_LINK',
        ConnectionId: 'link1',
        IntegrationHttpMethod: 'POST',
        TimeoutInMillis: 5000,
        Uri: 'http://internal/{proxy}',
        RequestParameters: {
          [MAPPING]: TOKEN,
          'integration.request.path.proxy': 'method.request.path.proxy',
          'integration.request.header.X-Stage': 'context.stage',
        },
      },
    });
  });

  it('the integration of a protected method names the load balancer of a VPC link V2, which requires the link', () => {
    const loadBalancerArn =
      'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/a/1';
    const withLink = (linked: boolean) =>
      protect(({ stack, api, protection }) => {
        const vpcLink = linked ? VpcLink.fromVpcLinkId(stack, 'Link', 'link2') : undefined;
        const integration = protection.httpIntegration(URL, { loadBalancerArn, vpcLink });
        api.root.addMethod('GET', integration, { authorizer: protection.authorizer() });
      });

    expect(methodsOf(withLink(true)).get('GET /')?.properties.Integration).toMatchObject({
      ConnectionType: 'VPC_LINK',
      ConnectionId: 'link2',
      IntegrationTarget: loadBalancerArn,
    });
    expect(thrownBy(() => withLink(false))).toEqual(
      new PropError(`loadBalancerArn must be combined with vpcLink, got: "${loadBalancerArn}"`),
    );
  });

  it('the integration of a protected method cannot map the header to another value', () => {
    const template = protect(({ api, protection }) => {
      const authorizer = protection.authorizer();
      const requestParameters = { [MAPPING]: 'method.request.header.Authorization' };
      api.root.addMethod('GET', protection.httpIntegration(URL, { requestParameters }), {
        authorizer,
      });
    });

    expect(methodsOf(template).get('GET /')?.properties.Integration).toMatchObject({
      RequestParameters: { [MAPPING]: TOKEN },
    });
  });

  it('the integration of a protected method cannot name a path parameter that the resource does not have', () => {
    const error = thrownBy(() =>
      protect(({ api, protection }) => {
        api.root.addResource('{id}').addMethod('GET', protection.httpIntegration(`${URL}/{name}`), {
          authorizer: protection.authorizer(),
        });
      }),
    );

    expect(error).toEqual(
      new PropError(`url must contain only path parameters of /{id}, got: "${URL}/{name}"`),
    );
  });
});
