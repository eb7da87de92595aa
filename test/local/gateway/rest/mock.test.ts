import { App, Stack } from 'aws-cdk-lib';
import { Cors, HttpIntegration, RestApi, type RestApiProps } from 'aws-cdk-lib/aws-apigateway';
import { GATEWAY_RESOURCE_TYPES } from '../../../../local/gateway/definition/resource-schemas';
import { resolveTemplate } from '../../../../local/template/resolve';
import { rejectUnsupportedTypes } from '../../../../local/template/supported-resources';
import { request, serve } from '../support/servers';
import { apiTemplate, method, mock, resource } from '../support/template';

/** REST API with CORS, synthesized by CDK. */
function cdkTemplate(allowOrigins: string[], props: Partial<RestApiProps> = {}) {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const api = new RestApi(stack, 'Api', {
    defaultCorsPreflightOptions: { allowOrigins, allowHeaders: ['authorization'] },
    ...props,
  });
  api.root.addResource('orders').addMethod('GET', new HttpIntegration('http://127.0.0.1:1/'));
  return resolveTemplate(app.synth().getStackByName('Stack').template, { stackName: 'Stack' });
}

const preflight = (origin: string) => ({ method: 'OPTIONS', headers: ['Origin', origin] });

describe('preflight methods of CDK', () => {
  it('a preflight method of CDK allows one origin', async () => {
    const template = cdkTemplate(['https://a.example']);
    rejectUnsupportedTypes(template, GATEWAY_RESOURCE_TYPES);
    const { url, records } = await serve({ template });
    expect(await request(url, '/orders', preflight('https://a.example'))).toMatchObject({
      status: 204,
      body: '',
      headers: {
        'access-control-allow-origin': 'https://a.example',
        'access-control-allow-headers': 'authorization',
        'access-control-allow-methods': 'OPTIONS,GET,PUT,POST,DELETE,PATCH,HEAD',
        vary: 'Origin',
      },
    });
    expect(records).toMatchObject([{ authorizer: 'none', resource: '/orders', status: 204 }]);
  });

  it('a preflight method without conversion to text fails where every media type is binary', async () => {
    const template = cdkTemplate(['https://a.example'], { binaryMediaTypes: ['*/*'] });
    const { url, log } = await serve({ template });

    expect((await request(url, '/orders', preflight('https://a.example'))).status).toBe(500);
    expect(log.join()).toContain('CONVERT_TO_TEXT');
  });

  it.each([
    ['https://a.example', 'https://a.example'],
    ['https://b.example', 'https://b.example'],
    ['https://c.example', 'https://c.example'],
    ['https://evil.example', 'https://a.example'],
  ])(
    'a preflight method with several allowed origins responds to %s with %s',
    async (origin, allowed) => {
      const template = cdkTemplate(['https://a.example', 'https://b.example', 'https://c.example']);
      const { url } = await serve({ template });
      const response = await request(url, '/orders', preflight(origin));
      expect(response.headers['access-control-allow-origin']).toBe(allowed);
    },
  );

  it('a preflight method for all origins responds with *', async () => {
    const { url } = await serve({ template: cdkTemplate(Cors.ALL_ORIGINS) });
    const response = await request(url, '/', preflight('https://x.example'));
    expect(response.headers['access-control-allow-origin']).toBe('*');
  });
});

describe('mock integration', () => {
  it('a mock selects the response whose pattern matches the whole status, else the default', async () => {
    const chosen = (statusCode: string) => ({
      ...mock(''),
      RequestTemplates: { 'application/json': `{"statusCode": ${statusCode}}` },
      IntegrationResponses: [
        { StatusCode: '201' },
        { StatusCode: '202', SelectionPattern: '4\\d\\d' },
        { StatusCode: '203', SelectionPattern: '50' },
        { StatusCode: '205', SelectionPattern: '03' },
      ],
    });
    const template = apiTemplate({
      A: resource('a'),
      AGet: method('A', 'GET', chosen('404')),
      B: resource('b'),
      BGet: method('B', 'GET', chosen('503')),
    });
    const { url } = await serve({ template });
    expect((await request(url, '/a')).status).toBe(202);
    expect((await request(url, '/b')).status).toBe(201);
  });

  it('a mock without a matching response gives a configuration error', async () => {
    const template = apiTemplate({
      A: resource('a'),
      AGet: method('A', 'GET', { ...mock(''), IntegrationResponses: [] }),
    });
    const { url, log } = await serve({ template });
    expect((await request(url, '/a')).status).toBe(500);
    expect(log).toEqual([expect.stringContaining('matches the status 200')]);
  });
});

describe('mock integration that serves a document', () => {
  const document = '{"resource":"https://api.example","scopes":["a \\"b\\""]}\n';
  const serving = (template: string, MethodResponses: object[] = []) =>
    apiTemplate({
      A: resource('a'),
      AGet: method(
        'A',
        'GET',
        {
          ...mock(''),
          IntegrationResponses: [
            {
              StatusCode: '200',
              ResponseParameters: { 'method.response.header.Cache-Control': "'max-age=60'" },
              ResponseTemplates: { 'application/json': template },
            },
          ],
        },
        { MethodResponses },
      ),
    });
  const declared = {
    StatusCode: '200',
    ResponseParameters: { 'method.response.header.Cache-Control': true },
    ResponseModels: { 'application/json': 'Empty' },
  };

  it('a mock sends a document byte for byte, with static headers', async () => {
    const { url } = await serve({ template: serving(document, [declared]) });
    expect(await request(url, '/a')).toMatchObject({
      status: 200,
      body: document,
      headers: { 'cache-control': 'max-age=60', 'content-type': 'application/json' },
    });
  });

  it.each([
    ['#foreach', '#foreach($a in $b)'],
    ['$util.escapeJavaScript', '{"a":"$util.escapeJavaScript(1)"}'],
    ['$stageVariables.a', '$stageVariables.a'],
    ['$input.json', "$input.json('$')"],
    ['$schema', '{"$schema":"x"}'],
    ['#', 'https://x/# y'],
    ['$', '5 $'],
  ])(
    'a mock with %s in its response template gives 501, which names it',
    async (named, template) => {
      const { gateway } = await serve({ template: serving(template, [declared]) });
      expect(gateway.routes).toEqual([
        {
          route: 'GET /a',
          target: `501: AGet: ${named} in a response template is not supported in local mode`,
        },
      ]);
    },
  );

  it.each([
    ['at all', []],
    ['for that status', [{ ...declared, StatusCode: '201' }]],
  ])('a mapped header that no method response declares %s is rejected', async (_, responses) => {
    await expect(serve({ template: serving(document, responses) })).rejects.toThrow(
      'method.response.header.Cache-Control must be declared by a method response of status 200',
    );
  });
});
