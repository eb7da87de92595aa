import { Duration, Size } from 'aws-cdk-lib';
import { PhantomTokenRestApi } from '../../../lib';
import { PropError } from '../../../lib/validation/prop-error';
import { configFaults, loadedConfig } from '../../support/config-faults';
import { thrownBy } from '../../support/faults';
import { newFunction, protect } from '../../support/protected-rest-api';
import { methodsOf, synthesize, synthesizeConstructs } from '../../support/synthesize';

const UPSTREAM = 'https://orders.internal.example.com';

/** Returns the response transfer mode and the timeout of each method's integration. */
function modesOf(template: Parameters<typeof methodsOf>[0]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...methodsOf(template)].map(([route, { properties }]) => {
      const { Type, ResponseTransferMode, TimeoutInMillis } = properties.Integration as Record<
        string,
        unknown
      >;
      return [route, [Type, ResponseTransferMode, TimeoutInMillis]];
    }),
  );
}

const withTimeout = (timeout: Duration) =>
  protect(({ api, protection }) => {
    const integration = protection.httpIntegration(UPSTREAM, { streaming: true, timeout });
    api.root.addMethod('GET', integration, { authorizer: protection.authorizer() });
  });

const withCompression = (size: object) =>
  synthesizeConstructs((stack) => {
    new PhantomTokenRestApi(stack, 'Api', {
      ...{ authorizerFunction: newFunction(stack), upstream: UPSTREAM, streaming: true, ...size },
    });
  });

describe('response streaming', () => {
  it('api.streaming streams responses of protected and public routes for up to 15 minutes', () => {
    const { template } = synthesize({
      token: { audience: 'api' },
      api: {
        streaming: true,
        cors: { allowOrigins: ['*'] },
        routes: [
          { method: 'POST', path: '/mcp' },
          { method: 'GET', path: '/health', public: true },
        ],
      },
    });
    expect(modesOf(template)).toMatchObject({
      'POST /mcp': ['HTTP_PROXY', 'STREAM', 900_000],
      'GET /health': ['HTTP_PROXY', 'STREAM', 900_000],
      'OPTIONS /mcp': ['MOCK', undefined, undefined],
    });
  });

  it('responses are not streamed unless api.streaming is set', () => {
    const { template } = synthesize({ token: { audience: 'api' } });
    expect(modesOf(template)).toEqual({
      'ANY /': ['HTTP_PROXY', undefined, undefined],
      'ANY /{proxy+}': ['HTTP_PROXY', undefined, undefined],
    });
  });

  it('api.streaming is a fault for HTTP APIs, which buffer responses', () => {
    expect(configFaults({ api: { type: 'HTTP', streaming: true } })).toEqual([
      'api.streaming: is supported for REST APIs only, since HTTP APIs buffer responses',
    ]);
    expect(loadedConfig({ api: { type: 'HTTP', streaming: false } }).api.streaming).toBe(false);
  });

  it.each([
    ['minCompressionSize', { minCompressionSize: Size.kibibytes(1) }],
    ['minimumCompressionSize', { minimumCompressionSize: 0 }],
  ])('streaming must not be combined with %s', (_, size) => {
    expect(thrownBy(() => withCompression(size))).toEqual(
      new PropError(
        'streaming must not be combined with minCompressionSize: API Gateway does not compress streamed responses, got: true',
      ),
    );
  });

  it('the timeout of a streaming integration is at most 15 minutes', () => {
    expect(modesOf(withTimeout(Duration.minutes(15)))).toEqual({
      'GET /': ['HTTP_PROXY', 'STREAM', 900_000],
    });
    expect(modesOf(withTimeout(Duration.seconds(60)))).toEqual({
      'GET /': ['HTTP_PROXY', 'STREAM', 60_000],
    });
    expect(thrownBy(() => withTimeout(Duration.seconds(901)))).toEqual(
      new PropError(
        'timeout must be at most 15 minutes if streaming is true, got: "15 minutes 1 second"',
      ),
    );
  });
});
