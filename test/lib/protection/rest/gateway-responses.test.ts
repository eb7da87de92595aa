import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  addGatewayResponses,
  type GatewayResponsesProps,
} from '../../../../lib/protection/rest/gateway-responses';
import { PropError } from '../../../../lib/validation/prop-error';
import { thrownBy } from '../../../support/faults';
import { synthesizeConstructs } from '../../../support/synthesize';

/** The gateway responses by type, as clients see them. */
function responses(props: Partial<GatewayResponsesProps> = {}) {
  const template = synthesizeConstructs((stack) => {
    const api = new RestApi(stack, 'Api');
    api.root.addMethod('GET');
    addGatewayResponses(stack, api, { realm: 'api', scopes: () => [], ...props });
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

describe('addGatewayResponses', () => {
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
  ])('lets pages of %s read every answer', (_, allowOrigins, origin) => {
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
  ])('refuses a %s that would break a header: %j', (_, props, message) => {
    expect(() => responses(props)).toThrow(message);
    expect(thrownBy(() => responses(props))).toBeInstanceOf(PropError);
  });
});
