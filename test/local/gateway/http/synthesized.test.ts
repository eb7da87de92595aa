import { App, Duration, Stack } from 'aws-cdk-lib';
import {
  type CfnStage,
  CorsHttpMethod,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  MappingValue,
  ParameterMapping,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  HttpLambdaIntegration,
  HttpUrlIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { GATEWAY_RESOURCE_TYPES } from '../../../../local/gateway/definition/resource-schemas';
import { resolveTemplate } from '../../../../local/template/resolve';
import { rejectUnsupportedTypes } from '../../../../local/template/supported-resources';
import { request, seenHeader, serve, startUpstream } from '../support/servers';

function synthesize(upstream: URL) {
  const stack = new Stack(new App(), 'Stack', { env: { region: 'us-east-1' } });
  const lambda = (id: string) =>
    new LambdaFunction(stack, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      functionName: id,
      code: Code.fromInline('exports.handler = async () => {}'),
    });
  const authorizer = lambda('authorizer');
  const api = new HttpApi(stack, 'Api', {
    disableExecuteApiEndpoint: true,
    defaultAuthorizer: new HttpLambdaAuthorizer('Simple', authorizer, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      resultsCacheTtl: Duration.minutes(1),
      identitySource: ['$request.header.Authorization', '$context.routeKey'],
    }),
    corsPreflight: { allowOrigins: ['https://a.example'], allowMethods: [CorsHttpMethod.ANY] },
  });
  const stage = api.defaultStage?.node.defaultChild as CfnStage;
  stage.accessLogSettings = {
    destinationArn: new LogGroup(stack, 'Log').logGroupArn,
    format: '$context.status',
  };
  api.addRoutes({
    path: '/orders/{proxy+}',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('Upstream', `${upstream.origin}/{proxy}`, {
      timeout: Duration.seconds(20),
      parameterMapping: new ParameterMapping()
        .overwriteHeader('x-phantom-token', MappingValue.contextVariable('authorizer.jwt'))
        .overwritePath(MappingValue.requestPath()),
    }),
  });
  api.addRoutes({
    path: '/function/{id}',
    integration: new HttpLambdaIntegration('Function', lambda('upstream')),
    authorizer: new HttpLambdaAuthorizer('Policy', authorizer),
  });
  api.addRoutes({
    path: '/health',
    methods: [HttpMethod.GET],
    integration: new HttpUrlIntegration('Health', `${upstream.origin}/health`),
    authorizer: new HttpNoneAuthorizer(),
  });
  const { template } = App.of(stack)?.synth().getStackByName('Stack') ?? {};
  return resolveTemplate(template, { stackName: 'Stack' });
}

describe('HTTP API synthesized by CDK', () => {
  it('all parts of an HTTP API synthesized by CDK are served', async () => {
    const upstream = await startUpstream();
    const template = synthesize(upstream.url);
    rejectUnsupportedTypes(template, [...GATEWAY_RESOURCE_TYPES, 'AWS::Lambda::Function']);
    const versions: unknown[] = [];
    const { url, log } = await serve({
      template,
      async invoke(arn, event) {
        const { version } = event as { version: string };
        versions.push([arn.split(':').at(-1), version]);
        if (arn.endsWith(':upstream')) return { payload: { hello: 'world' } };
        if (version === '2.0')
          return { payload: { isAuthorized: true, context: { jwt: 'a.b.c' } } };
        const statement = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' };
        return { payload: { principalId: 'alice', policyDocument: { Statement: [statement] } } };
      },
    });
    const headers = ['Authorization', 'Bearer opaque', 'X-Phantom-Token', 'forged'];

    expect((await request(url, '/orders/7?a=b', { headers })).status).toBe(200);
    expect(upstream.seen[0]?.target).toBe('/orders/7?a=b');
    expect(seenHeader(upstream.seen[0], 'x-phantom-token')).toEqual(['a.b.c']);
    expect(seenHeader(upstream.seen[0], 'authorization')).toEqual(['Bearer opaque']);

    expect(await request(url, '/function/7', { headers })).toMatchObject({
      status: 200,
      body: '{"hello":"world"}',
    });
    expect((await request(url, '/health')).status).toBe(200);
    expect((await request(url, '/orders/7')).status).toBe(401);
    const preflight = ['Origin', 'https://a.example', 'Access-Control-Request-Method', 'GET'];
    expect(
      (await request(url, '/orders/7', { method: 'OPTIONS', headers: preflight })).status,
    ).toBe(204);
    expect(versions).toEqual([
      ['authorizer', '2.0'],
      ['authorizer', '1.0'],
      ['upstream', '2.0'],
    ]);
    expect(log).toEqual(['200', '200', '200', '401', '204']);
  });

  it('no intrinsic function remains in a resolved HTTP API', () => {
    const template = synthesize(new URL('http://127.0.0.1:1'));
    expect(JSON.stringify(template)).not.toMatch(/Fn::|"Ref"/);
  });
});
