import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { MockIntegration, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  AuthorizerResponses,
  type GatewayResponsesProps,
} from '../../../../lib/protection/rest/gateway-responses';
import { PropError } from '../../../../lib/validation/prop-error';
import { thrownBy } from '../../../support/faults';
import { type Arrange, findings, protect } from '../../../support/protected-rest-api';
import { synthesizeConstructs } from '../../../support/synthesize';

/** The gateway responses by type, as clients see them. */
function responses(props: Partial<GatewayResponsesProps> = {}) {
  const template = synthesizeConstructs((stack) => {
    const api = new RestApi(stack, 'Api');
    api.root.addMethod('GET');
    const all = { realm: 'api', scopes: () => [], ...props };
    new AuthorizerResponses(stack, api, all).prepare([]);
  });
  const found = Object.values(template.findResources('AWS::ApiGateway::GatewayResponse'));
  return new Map(
    found.map(({ Properties: it }) => [
      it.ResponseType as string,
      {
        status: it.StatusCode as string | undefined,
        headers: headersOf(it.ResponseParameters),
        body: it.ResponseTemplates && JSON.parse(it.ResponseTemplates['application/json']),
      },
    ]),
  );
}
function headersOf(parameters: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      expect(name).toMatch(/^gatewayresponse\.header\./);
      expect(value).toMatch(/^'[^']*'$/);
      return [name.replace('gatewayresponse.header.', ''), value.slice(1, -1)];
    }),
  );
}
const FAILURE = {
  status: '503',
  headers: { 'Retry-After': '5' },
  body: { code: 'server_error', message: 'Problem encountered authorizing the request' },
};

describe('AuthorizerResponses', () => {
  it('gateway responses of the authorizer are JSON with challenges', () => {
    expect(Object.fromEntries(responses())).toEqual({
      UNAUTHORIZED: {
        status: '401',
        headers: { 'WWW-Authenticate': 'Bearer realm="api"' },
        body: { code: 'unauthorized', message: 'Missing, invalid or expired access token' },
      },
      ACCESS_DENIED: {
        status: '403',
        headers: { 'WWW-Authenticate': 'Bearer realm="api", error="insufficient_scope"' },
        body: {
          code: 'insufficient_scope',
          message: 'The token does not contain the required scope',
          scope: '$context.authorizer.required_scope',
        },
      },
      AUTHORIZER_FAILURE: FAILURE,
      AUTHORIZER_CONFIGURATION_ERROR: FAILURE,
    });
  });

  it('challenges of gateway responses name realm and scopes', () => {
    const some = responses({ realm: 'Orders (v2)', scopes: () => ['read', 'orders:write'] });

    expect(some.get('UNAUTHORIZED')?.headers).toEqual({
      'WWW-Authenticate': 'Bearer realm="Orders (v2)", scope="read orders:write"',
    });
    expect(some.get('ACCESS_DENIED')?.headers).toEqual({
      'WWW-Authenticate':
        'Bearer realm="Orders (v2)", error="insufficient_scope", scope="read orders:write"',
    });
  });

  it('the gateway response for a failed authorizer has no challenge', () => {
    const failure = responses({ scopes: () => ['read'] }).get('AUTHORIZER_FAILURE');

    expect(failure?.headers).not.toHaveProperty('WWW-Authenticate');
  });

  it.each([
    ['one origin', ['https://app.example.com'], 'https://app.example.com'],
    ['several origins', ['https://a.example.com', 'https://b.example.com'], '*'],
    ['every origin', ['*'], '*'],
  ])('pages of %s can read every gateway response', (_, allowOrigins, origin) => {
    const some = responses({ allowOrigins });

    expect([...some.keys()].sort()).toEqual([
      'ACCESS_DENIED',
      'AUTHORIZER_CONFIGURATION_ERROR',
      'AUTHORIZER_FAILURE',
      'DEFAULT_4XX',
      'DEFAULT_5XX',
      'UNAUTHORIZED',
    ]);
    for (const { headers } of some.values()) {
      expect(headers).toMatchObject({
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Expose-Headers': 'WWW-Authenticate, Retry-After',
      });
      expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
    }
    expect(some.get('UNAUTHORIZED')?.headers).toHaveProperty('WWW-Authenticate');
    expect(some.get('AUTHORIZER_FAILURE')?.headers).toHaveProperty('Retry-After');
  });

  it('other gateway responses keep their status and body', () => {
    for (const type of ['DEFAULT_4XX', 'DEFAULT_5XX']) {
      expect(responses({ allowOrigins: ['*'] }).get(type)).toMatchObject({
        status: undefined,
        body: undefined,
      });
    }
  });

  it.each([
    [
      'realm',
      { realm: 'a "b"' },
      'realm must be printable ASCII without quotes and \\, got: "a \\"b\\""',
    ],
    ['realm', { realm: '' }, 'realm must be'],
    [
      'origins',
      { allowOrigins: [] },
      'allowOrigins must be * or an origin, or several origins, got: []',
    ],
    ['origins', { allowOrigins: ['*', 'https://a.example.com'] }, 'allowOrigins must be'],
    ['origins', { allowOrigins: ["https://a'"] }, 'allowOrigins must be'],
    [
      'header',
      { responseHeaders: { 'X-A': 'nosniff' } },
      `responseHeaders must be static values in single quotes, such as 'nosniff', or mappings, got: {"X-A":"nosniff"}`,
    ],
    [
      'header',
      { responseHeaders: { 'retry-after': "'1'" } },
      'responseHeaders must be names of headers other than WWW-Authenticate and Retry-After, got: "retry-after"',
    ],
    ['header', { responseHeaders: { 'X A': "'1'" } }, 'responseHeaders must be names of headers'],
  ])('refuses a %s that would break a header: %j', (_, props, message) => {
    expect(() => responses(props)).toThrow(message);
    expect(thrownBy(() => responses(props))).toBeInstanceOf(PropError);
  });
});

describe('gateway responses of an app', () => {
  const HSTS = { 'Strict-Transport-Security': "'max-age=31536000'" };
  const ORIGIN_OF_APP = { 'access-control-allow-origin': "'https://app.example.com'" };
  const DEFAULTS = [ResponseType.DEFAULT_4XX, ResponseType.DEFAULT_5XX];

  /** Returns the headers of the responses by type, without their values. */
  const namesOf = (template: Template) =>
    Object.fromEntries(
      Object.values(template.findResources('AWS::ApiGateway::GatewayResponse')).map(
        ({ Properties: { ResponseType: type, ResponseParameters: parameters } }) => [
          type,
          Object.keys(parameters).map((it) => it.replace('gatewayresponse.header.', '')),
        ],
      ),
    );
  const declare =
    (responseHeaders: Record<string, string>, types = DEFAULTS): Arrange =>
    ({ api, protection }) => {
      const authorizer = protection.authorizer();
      api.root.addMethod('GET', new MockIntegration(), { authorizer });
      for (const type of types) {
        api.addGatewayResponse(type.responseType, { type, responseHeaders });
      }
    };

  it('default responses of an app stay, and 401, 403 and 503 keep their headers', () => {
    const names = namesOf(protect(declare({ ...HSTS, ...ORIGIN_OF_APP })));
    const kept = ['Strict-Transport-Security', 'access-control-allow-origin'];

    expect(names).toEqual({
      DEFAULT_4XX: kept,
      DEFAULT_5XX: kept,
      UNAUTHORIZED: [...kept, 'WWW-Authenticate'],
      ACCESS_DENIED: [...kept, 'WWW-Authenticate'],
      AUTHORIZER_FAILURE: [...kept, 'Retry-After'],
      AUTHORIZER_CONFIGURATION_ERROR: [...kept, 'Retry-After'],
    });
  });

  it('default responses of an app stand side by side with allowOrigins and responseHeaders', () => {
    const names = namesOf(
      protect(declare(ORIGIN_OF_APP, [ResponseType.DEFAULT_4XX]), {
        allowOrigins: ['https://app.example.com'],
        responseHeaders: HSTS,
      }),
    );
    const cors = ['Access-Control-Allow-Origin', 'Access-Control-Expose-Headers'];

    expect(names).toEqual({
      DEFAULT_4XX: ['access-control-allow-origin'],
      DEFAULT_5XX: cors,
      UNAUTHORIZED: [...cors, 'Strict-Transport-Security', 'WWW-Authenticate'],
      ACCESS_DENIED: [...cors, 'Strict-Transport-Security', 'WWW-Authenticate'],
      AUTHORIZER_FAILURE: [...cors, 'Strict-Transport-Security', 'Retry-After'],
      AUTHORIZER_CONFIGURATION_ERROR: [...cors, 'Strict-Transport-Security', 'Retry-After'],
    });
  });

  it('responseTemplates replace the bodies of 401, 403 and 503', () => {
    const responseTemplates = {
      'application/problem+json': '{"title":"$context.error.responseType"}',
    };
    const template = protect(declare(HSTS), { responseTemplates });

    template.resourcePropertiesCountIs(
      'AWS::ApiGateway::GatewayResponse',
      { ResponseTemplates: responseTemplates },
      4,
    );
  });

  it('an UNAUTHORIZED response of an app fails synthesis with a way forward', () => {
    expect(findings(declare(HSTS, [ResponseType.UNAUTHORIZED]))).toEqual([
      '[Stack/Protection] Stack/Orders/UNAUTHORIZED/Resource: defines UNAUTHORIZED, which Stack/Protection defines too: an API can have one of each type. Remove it, and give its headers and body to the protection as responseHeaders and responseTemplates',
    ]);
  });

  it.each([
    ['warns of preflight methods without CORS headers on 401', HSTS, {}, 1],
    ['accepts preflight methods with CORS headers of the app', ORIGIN_OF_APP, {}, 0],
    ['accepts preflight methods with allowOrigins', HSTS, { allowOrigins: ['*'] }, 0],
  ])('synthesis %s', (_, headers, props, count) => {
    let stack: Stack | undefined;
    protect(
      (parts) => {
        stack = parts.stack;
        declare(headers)(parts);
      },
      props,
      { defaultCorsPreflightOptions: { allowOrigins: ['*'] } },
    );
    const metadata = stack?.node.findChild('Protection').node.metadata ?? [];

    expect(
      metadata.filter(({ data }) => String(data).includes('Access-Control-Allow-Origin')),
    ).toHaveLength(count);
  });
});
