import { Duration, Lazy, type Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  type ApiProtectionOptions,
  AuthorizerFunction,
  HttpApiProtection,
  PropError,
  RestApiProtection,
  SenderConstraint,
} from '../../../lib';
import { configFaults, loadedConfig } from '../../support/config-faults';
import { thrownBy } from '../../support/faults';
import {
  type ConfigParts,
  only,
  scopeRulesOf,
  synthesize,
  synthesizeConstructs,
} from '../../support/synthesize';

const PUBLIC_URLS = ['https://api.example.com/orders'];
const ALGORITHMS = 'ES256 EdDSA Ed25519 PS256';

const accepting = (type: 'REST' | 'HTTP', api = {}): ConfigParts => ({
  token: { senderConstraint: 'accept', issuer: 'https://login.example.com' },
  api: { type, publicUrls: PUBLIC_URLS, ...api },
});

describe('a REST API whose tokens may be bound to their senders', () => {
  let template: Template;
  beforeAll(() => {
    const api = { protectedResource: { resource: PUBLIC_URLS[0] } };
    template = synthesize(accepting('REST', api)).template;
  });
  const challenge = (type: string) => {
    const [, response] = only(template, 'AWS::ApiGateway::GatewayResponse', { ResponseType: type });
    const parameters = response['ResponseParameters'] as Record<string, string>;
    return parameters['gatewayresponse.header.WWW-Authenticate'];
  };

  it('a REST API that accepts bound tokens has no result cache', () => {
    expect(only(template, 'AWS::ApiGateway::Authorizer')[1]).toMatchObject({
      AuthorizerResultTtlInSeconds: 0,
    });
  });

  it('a REST API that accepts bound tokens passes the mode and the base URLs to the function', () => {
    const [, properties] = only(template, 'AWS::Lambda::Function');
    const [api] = only(template, 'AWS::ApiGateway::RestApi');

    expect(properties).toHaveProperty('Environment.Variables.TOKEN_SENDER_CONSTRAINT', 'accept');
    expect(scopeRulesOf(template)).toEqual({
      [api]: { publicUrls: PUBLIC_URLS, rules: [[[[]], ['*'], { audience: PUBLIC_URLS }]] },
    });
  });

  it('a REST API that accepts bound tokens offers both schemes in challenges', () => {
    expect(challenge('UNAUTHORIZED')).toMatch(
      new RegExp(`^'Bearer realm="api", [^']*, DPoP algs="${ALGORITHMS}"'$`),
    );
    expect(challenge('ACCESS_DENIED')).toMatch(
      new RegExp(`, DPoP algs="${ALGORITHMS}", error="insufficient_scope"'$`),
    );
  });

  it('a REST API that accepts bound tokens states the algorithms of proofs in its metadata', () => {
    expect(JSON.stringify(template.toJSON())).toContain(
      JSON.stringify(
        `"dpop_signing_alg_values_supported":${JSON.stringify(ALGORITHMS.split(' '))}`,
      ).slice(1, -1),
    );
  });

  it('a REST API that accepts bound tokens keeps proofs from its upstream', () => {
    const methods = Object.values(
      template.findResources('AWS::ApiGateway::Method', {
        Properties: { AuthorizationType: 'CUSTOM' },
      }),
    );

    expect(methods).toHaveLength(2);
    for (const { Properties } of methods) {
      expect(Properties.Integration.RequestParameters).toMatchObject({
        'integration.request.header.DPoP': "'removed'",
      });
    }
  });
});

describe('an HTTP API whose tokens may be bound to their senders', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize(accepting('HTTP')).template;
  });

  it('an HTTP API that accepts bound tokens has no result cache, and keeps proofs from its upstream', () => {
    expect(only(template, 'AWS::ApiGatewayV2::Authorizer')[1]).toMatchObject({
      AuthorizerResultTtlInSeconds: 0,
    });
    for (const { Properties } of Object.values(
      template.findResources('AWS::ApiGatewayV2::Integration'),
    )) {
      expect(Properties.RequestParameters).toMatchObject({
        'overwrite:header.x-phantom-token': '$context.authorizer.jwt',
        'remove:header.DPoP': '',
      });
    }
  });

  it('an HTTP API that accepts bound tokens passes the base URLs to the function', () => {
    expect(Object.values(scopeRulesOf(template))).toMatchObject([{ publicUrls: PUBLIC_URLS }]);
  });
});

describe('an API whose tokens must not be bound', () => {
  it.each(['REST', 'HTTP'])(
    'a %s API that refuses bound tokens has nothing of sender constraints in its template',
    (type) => {
      const { template } = synthesize({ api: { type, publicUrls: PUBLIC_URLS } });
      const text = JSON.stringify(template.toJSON());

      expect(text).not.toMatch(/dpop|sender_constraint|publicUrls/i);
      expect(text).toContain('"AuthorizerResultTtlInSeconds":60');
    },
  );
});

describe('the config of an API whose tokens may be bound', () => {
  it.each(['accept', 'require'])(
    'a config reports every contradiction to the senderConstraint %s',
    (senderConstraint) => {
      const parts = { token: { senderConstraint }, cache: { authorizerResultTtlSeconds: 1 } };

      expect(configFaults(parts)).toEqual([
        expect.stringMatching(
          `^cache.authorizerResultTtlSeconds: must be 0 or absent if token.senderConstraint is ${senderConstraint}, .*, got: 1$`,
        ),
        expect.stringMatching(
          `^api.publicUrls: is required if token.senderConstraint is ${senderConstraint}, `,
        ),
      ]);
    },
  );

  it('a config that accepts bound tokens can have 0 as the lifetime in the result cache', () => {
    const parts = { ...accepting('HTTP'), cache: { authorizerResultTtlSeconds: 0 } };

    expect(loadedConfig(parts).cache.authorizerResultTtlSeconds).toBe(0);
  });

  it('a config that refuses bound tokens has no contradiction', () => {
    const parts = {
      token: { senderConstraint: 'refuse' },
      cache: { authorizerResultTtlSeconds: 1 },
    };

    expect(() => loadedConfig(parts)).not.toThrow();
  });

  it.each([
    ['http://api.example.com', 'must be an https: URL'],
    ['https://api.example.com/', 'must not end with a slash'],
    ['https://api.example.com?a', 'must not have a query or fragment'],
  ])('a config reports the base URL %s', (url, rule) => {
    expect(configFaults(accepting('HTTP', { publicUrls: [url] }))).toEqual([
      expect.stringContaining(`api.publicUrls[0]: ${rule}`),
    ]);
  });
});

describe.each<[string, (stack: Stack, options: ApiProtectionOptions) => unknown]>([
  [
    'RestApiProtection',
    (stack, options) =>
      new RestApiProtection(stack, 'Protection', { api: new RestApi(stack, 'Api'), ...options }),
  ],
  [
    'HttpApiProtection',
    (stack, options) =>
      new HttpApiProtection(stack, 'Protection', { api: new HttpApi(stack, 'Api'), ...options }),
  ],
])('the props of a %s whose function accepts bound tokens', (name, addProtection) => {
  it.each<[string, Partial<ApiProtectionOptions>, string]>([
    [
      'a result cache',
      { publicUrls: PUBLIC_URLS, resultsCacheTtl: Duration.seconds(1) },
      'resultsCacheTtl must be 0 if ',
    ],
    [
      'a result cache whose lifetime is a CDK token',
      {
        publicUrls: PUBLIC_URLS,
        resultsCacheTtl: Duration.seconds(Lazy.number({ produce: () => 0 })),
      },
      'resultsCacheTtl must be 0 if ',
    ],
    ['no publicUrls', {}, 'publicUrls must be set if senderConstraint is not REFUSE'],
    ['empty publicUrls', { publicUrls: [] }, 'publicUrls must be a list of https: URLs'],
    [
      'publicUrls with a slash at the end',
      { publicUrls: ['https://a.example.com/'] },
      'publicUrls must be a list of https: URLs',
    ],
  ])(
    `the props of a ${name} whose function accepts bound tokens cannot have %s`,
    (_, options, message) => {
      const error = thrownBy(() =>
        synthesizeConstructs((stack) => {
          const authorizerFunction = new AuthorizerFunction(stack, 'Authorizer', {
            introspectionEndpoint: 'https://login.example.com/introspect',
            senderConstraint: SenderConstraint.REQUIRE,
          });
          addProtection(stack, { authorizerFunction, ...options });
        }),
      );

      expect(error).toBeInstanceOf(PropError);
      expect(error).toHaveProperty('message', expect.stringContaining(message));
    },
  );
});
