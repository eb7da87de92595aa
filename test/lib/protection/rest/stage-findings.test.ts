import { Aws, CfnCondition, Fn, Token, Validations } from 'aws-cdk-lib';
import {
  CfnDeployment,
  CfnStage,
  Deployment,
  HttpIntegration,
  type IntegrationOptions,
  MethodLoggingLevel,
  type RestApiProps,
  Stage,
} from 'aws-cdk-lib/aws-apigateway';
import { type Arrange, findings, protect } from '../../../support/protected-rest-api';

const URL = 'https://orders.internal.example.com/';
const KEY = 'method.request.header.Authorization';
const STAGE = 'Stack/Orders/DeploymentStage.prod/Resource';

/** Declares protected routes, each named as `GET /me`. */
const withRoutes =
  (routes: readonly string[], options: IntegrationOptions = {}, more?: Arrange): Arrange =>
  (parts) => {
    const { api, protection } = parts;
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ');
      api.root.resourceForPath(path).addMethod(method, protection.httpIntegration(URL, options), {
        authorizer: protection.authorizer(),
        requestParameters: { [KEY]: true },
      });
    }
    more?.(parts);
  };
const deployed = (
  deployOptions: RestApiProps['deployOptions'],
  routes = ['GET /me'],
  options: IntegrationOptions = {},
) => findings(withRoutes(routes, options), {}, { deployOptions });

const cached = (route: string, stage = STAGE) =>
  `[Stack/Protection] ${route}: ${stage} caches its responses without distinguishing callers: set ` +
  `cachingEnabled of the method to false, or add ${KEY} to the cacheKeyParameters of its ` +
  `integration [ack: phantom-token-authorizer:response-cache:${route}]`;
const traced = (routes: string, stage = STAGE) =>
  `[Stack/Protection] ${stage}: dataTraceEnabled must be false, since execution logs would hold ` +
  `the tokens of ${routes} [ack: phantom-token-authorizer:data-trace]`;

describe('synthesis with a response cache', () => {
  it('synthesis with a response cache fails where the stage caches all methods, once for each protected GET', () => {
    expect(deployed({ cachingEnabled: true }, ['GET /me', 'POST /me', 'ANY /{proxy+}'])).toEqual([
      cached('GET /me'),
      cached('ANY /{proxy+}'),
    ]);
  });

  it.each(['GET /me', 'POST /me', 'GET /', 'GET /a/{id}', 'ANY /{proxy+}'])(
    'synthesis with a response cache fails where the stage caches %s alone',
    (route) => {
      const [method, path] = route.split(' ');
      const setting = `${path}/${method === 'ANY' ? 'PUT' : method}`;
      const methodOptions = { [setting]: { cachingEnabled: true } };

      expect(deployed({ methodOptions }, [route, 'GET /other'])).toEqual([cached(route)]);
    },
  );

  it('synthesis with a response cache passes where the integration has the header as a cache key, and no other spelling of it', () => {
    const withKey = (key: string) => () =>
      protect(
        withRoutes(['GET /me'], { cacheKeyParameters: ['method.request.querystring.q', key] }),
        {},
        { deployOptions: { cachingEnabled: true } },
      );

    expect(withKey(KEY)).not.toThrow();
    expect(withKey(KEY.toLowerCase())).toThrow('caches its responses');
    expect(withKey('method.request.header.Authorization2')).toThrow('caches its responses');
  });

  it('synthesis with a response cache passes where the method is excepted, but not another one', () => {
    const methodOptions = { '/me/GET': { cachingEnabled: false } };

    expect(deployed({ cachingEnabled: true, methodOptions }, ['GET /me', 'GET /you'])).toEqual([
      cached('GET /you'),
    ]);
  });

  it('synthesis with a response cache fails where a setting of the method leaves caching as it is for all', () => {
    const methodOptions = { '/me/GET': { throttlingRateLimit: 1 } };

    expect(deployed({ cachingEnabled: true, methodOptions })).toEqual([cached('GET /me')]);
  });

  it('synthesis with a response cache passes where the cache is for public methods only, or off', () => {
    const publicMethod: Arrange = ({ api, protection }) => {
      api.root.addMethod('GET', new HttpIntegration(URL), {
        authorizer: protection.publicAccess(),
      });
    };
    const options = { methodOptions: { '//GET': { cachingEnabled: true } } };
    const synthesis = (deployOptions: RestApiProps['deployOptions']) => () =>
      protect(withRoutes(['GET /me'], {}, publicMethod), {}, { deployOptions });

    expect(synthesis(options)).not.toThrow();
    expect(synthesis({ cacheClusterEnabled: true })).not.toThrow();
    expect(synthesis({ loggingLevel: MethodLoggingLevel.ERROR })).not.toThrow();
  });

  it('synthesis with a response cache passes for the method that is acknowledged at the stage, and fails for others', () => {
    const acknowledge: Arrange = ({ api }) => {
      Validations.of(api.deploymentStage).acknowledge({
        id: 'phantom-token-authorizer:response-cache:GET /catalog/{id}',
        reason: 'The catalog is the same for every caller.',
      });
    };
    const routes = withRoutes(['GET /catalog/{id}', 'GET /me'], {}, acknowledge);

    expect(findings(routes, {}, { deployOptions: { cachingEnabled: true } })).toEqual([
      cached('GET /me'),
    ]);
  });
});

describe('synthesis with data traces', () => {
  it('synthesis with data traces fails once for the stage, and names the protected methods', () => {
    expect(deployed({ dataTraceEnabled: true }, ['GET /me', 'POST /me'])).toEqual([
      traced('GET /me, POST /me'),
    ]);
    const methodOptions = { '/me/POST': { dataTraceEnabled: true } };
    expect(deployed({ methodOptions }, ['GET /me', 'POST /me'])).toEqual([traced('POST /me')]);
  });

  it('synthesis with data traces passes if the finding is acknowledged at the API, and not if another one is', () => {
    const synthesis = (id: string) => () =>
      protect(
        withRoutes(['GET /me'], {}, ({ api }) =>
          Validations.of(api).acknowledge({ id, reason: 'A test account.' }),
        ),
        {},
        { deployOptions: { dataTraceEnabled: true } },
      );

    expect(synthesis('phantom-token-authorizer:data-trace')).not.toThrow();
    expect(synthesis('phantom-token-authorizer:response-cache:GET /me')).toThrow('execution logs');
  });
});

describe('synthesis with other stages of the API', () => {
  const settings = [{ httpMethod: '*', resourcePath: '/*', cachingEnabled: true }];

  it('synthesis fails for a second stage', () => {
    const more: Arrange = ({ api }) => {
      const deployment = new Deployment(api, 'Second', { api });
      new Stage(api, 'Beta', { deployment, stageName: 'beta', cachingEnabled: true });
    };

    expect(findings(withRoutes(['GET /me'], {}, more))).toEqual([
      cached('GET /me', 'Stack/Orders/Beta/Resource'),
    ]);
  });

  it.each([
    ['for every path', '*', '/*'],
    ['without a slash', '*', '*'],
    ['with an encoded path', 'get', '/~1me'],
    ['with a plain path', 'GET', '/me'],
    ['without the first slash', 'GET', 'me'],
  ])('synthesis fails for a CfnStage with a setting %s', (_, httpMethod, resourcePath) => {
    const more: Arrange = ({ stack, api }) => {
      new CfnStage(stack, 'Beta', {
        restApiId: api.restApiId,
        cacheClusterEnabled: true,
        methodSettings: [
          { httpMethod, resourcePath, cachingEnabled: true, dataTraceEnabled: true },
        ],
      });
    };

    expect(findings(withRoutes(['GET /me', 'GET /you'], {}, more))).toEqual(
      expect.arrayContaining([cached('GET /me', 'Stack/Beta'), expect.stringContaining('GET /me')]),
    );
  });

  it('synthesis fails for a CfnStage whose settings are known only at the deployment', () => {
    const more: Arrange = ({ stack, api }) => {
      const condition = new CfnCondition(stack, 'Beta', {
        expression: Fn.conditionEquals(Aws.REGION, 'eu-central-1'),
      });
      const perhaps = (value: unknown) =>
        Token.asAny(Fn.conditionIf(condition.logicalId, value, Aws.NO_VALUE));
      const restApiId = api.restApiId;
      new CfnStage(stack, 'One', {
        restApiId,
        cacheClusterEnabled: perhaps(true),
        methodSettings: [{ ...settings[0], cachingEnabled: perhaps(true) }],
      });
      new CfnStage(stack, 'Two', {
        restApiId,
        cacheClusterEnabled: true,
        methodSettings: [perhaps(settings[0])],
      });
      new CfnStage(stack, 'Three', {
        restApiId,
        cacheClusterEnabled: true,
        methodSettings: perhaps(settings),
      });
    };

    expect(findings(withRoutes(['GET /me'], {}, more))).toEqual([
      cached('GET /me', 'Stack/One'),
      cached('GET /me', 'Stack/Two'),
      traced('GET /me', 'Stack/Two'),
      cached('GET /me', 'Stack/Three'),
      traced('GET /me', 'Stack/Three'),
    ]);
  });

  it.each([
    { cacheClusterEnabled: true, cachingEnabled: true, dataTraceEnabled: true },
    { cacheClusterEnabled: true, methodSettings: [{ ...settings[0], dataTraceEnabled: true }] },
  ])('synthesis fails for the stage that a CfnDeployment creates with %j', (stageDescription) => {
    const more: Arrange = ({ stack, api }) => {
      new CfnDeployment(stack, 'Beta', {
        restApiId: api.restApiId,
        stageName: 'beta',
        stageDescription,
      });
    };

    expect(findings(withRoutes(['GET /me'], {}, more))).toEqual([
      cached('GET /me', 'Stack/Beta'),
      traced('GET /me', 'Stack/Beta'),
    ]);
  });

  it('synthesis passes for a stage of another API', () => {
    const more: Arrange = ({ stack }) => {
      new CfnStage(stack, 'Other', {
        restApiId: 'other',
        cacheClusterEnabled: true,
        methodSettings: settings,
      });
    };

    expect(() => protect(withRoutes(['GET /me'], {}, more))).not.toThrow();
  });
});
