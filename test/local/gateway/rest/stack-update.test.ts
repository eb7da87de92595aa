import { asAlice, result } from '../support/authorizer';
import { request, serve } from '../support/servers';
import {
  apiTemplate,
  authorized,
  authorizer,
  method,
  mock,
  permission,
  resource,
  stage,
} from '../support/template';

type Resources = Parameters<typeof apiTemplate>[0];

const VERSION = {
  Type: 'AWS::Lambda::Version',
  Properties: { FunctionName: { 'Fn::GetAtt': ['Function', 'Arn'] } },
};
const DEPLOYMENT = {
  Type: 'AWS::ApiGateway::Deployment',
  Properties: { RestApiId: { Ref: 'Api' } },
};
/** An authorizer that calls a published version. */
const VERSIONED = authorizer({
  AuthorizerUri: {
    'Fn::Join': [
      '',
      [
        'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/',
        { Ref: 'Version' },
        '/invocations',
      ],
    ],
  },
});

const orders = (extra: Resources = {}) =>
  apiTemplate({
    Orders: resource('orders'),
    OrdersGet: method('Orders', 'GET', mock('former'), authorized),
    ...extra,
  });
const changed = (extra: Resources = {}) =>
  orders({ OrdersGet: method('Orders', 'GET', mock('new'), authorized), ...extra });

describe('a REST API whose template is updated', () => {
  it('a REST API whose template is updated is served as it was deployed until its stage names another deployment', async () => {
    const invoke = async () => result('Allow');
    const { gateway, url } = await serve({ template: orders(), invoke });
    gateway.update(changed());
    expect((await request(url, '/orders', asAlice)).body).toBe('former');

    gateway.update(
      changed({ Deployment2: DEPLOYMENT, Stage: stage({ DeploymentId: { Ref: 'Deployment2' } }) }),
    );
    expect((await request(url, '/orders', asAlice)).body).toBe('new');
  });

  it('a REST API whose template is updated keeps the results that are cached', async () => {
    const invoke = jest.fn(async () => result('Allow'));
    const { gateway, url } = await serve({ template: orders(), invoke });
    await request(url, '/orders', asAlice);
    gateway.update(changed());
    await request(url, '/orders', asAlice);

    expect(invoke).toHaveBeenCalledTimes(1);
  });

  it('a REST API whose template is updated uses the permissions that there are now, not those of its deployment', async () => {
    const invoke = jest.fn(async () => result('Allow'));
    const { gateway, url } = await serve({ template: orders(), invoke });
    gateway.update(orders({ Permission: permission({ FunctionName: 'other' }) }));

    expect((await request(url, '/orders', asAlice)).status).toBe(500);
    expect(invoke).not.toHaveBeenCalled();
  });
});

describe('an authorizer that names a published version', () => {
  it.each([
    ['calls that version', { Ref: 'Version' }, 200],
    ['needs a permission that names the version', { 'Fn::GetAtt': ['Function', 'Arn'] }, 500],
  ])('an authorizer that names a published version %s', async (_, FunctionName, status) => {
    const invoke = jest.fn(async (_functionArn: string) => result('Allow'));
    const { url } = await serve({
      template: orders({
        Version: VERSION,
        Authorizer: VERSIONED,
        Permission: permission({ FunctionName }),
      }),
      invoke,
    });

    expect((await request(url, '/orders', asAlice)).status).toBe(status);
    expect(invoke.mock.calls.map(([arn]) => arn)).toEqual(
      status === 200 ? ['arn:aws:lambda:us-east-1:000000000000:function:authorizer:1'] : [],
    );
  });
});
