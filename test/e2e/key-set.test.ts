import { App, Stack } from 'aws-cdk-lib';
import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AuthorizerFunction,
  HttpApiProtection,
  KeySet,
  RestApiProtection,
  SigningKeysSecret,
} from '../../lib';
import { deployStack, type LocalStack } from '../../local/stack/local-stack';

const ISSUER = 'https://api.example.com';
const logs: string[] = [];
let stack: LocalStack;

beforeAll(async () => {
  // Local mode finds bundles by this metadata.
  const app = new App({ context: { 'aws:cdk:enable-asset-metadata': true } });
  const constructs = new Stack(app, 'Keys');
  const authorizerFunction = new AuthorizerFunction(constructs, 'Authorizer', {
    introspectionEndpoint: 'https://login.example.com/introspect',
  });
  const keys = new SigningKeysSecret(constructs, 'SigningKeys');
  const keySet = new KeySet(constructs, 'KeySet', { keys, issuer: ISSUER });
  const restApi = new RestApi(constructs, 'Rest', { binaryMediaTypes: ['*/*'] });
  const httpApi = new HttpApi(constructs, 'Http');
  for (const protection of [
    new RestApiProtection(constructs, 'RestProtection', { api: restApi, authorizerFunction }),
    new HttpApiProtection(constructs, 'HttpProtection', { api: httpApi, authorizerFunction }),
  ]) {
    protection.publishKeySet(keySet);
  }
  const { directory, stacks } = app.synth();
  const template = stacks[0]?.template;
  stack = await deployStack(
    { stackName: 'Keys', template, directory, warnings: [], remove: async () => undefined },
    { secretValue: '{"client_id":"gateway"}', log: (line) => logs.push(line) },
  );
});
afterAll(() => stack.close());

describe('the key set of an API in local mode', () => {
  it('REST and HTTP API serve the keys that the rotation at start has made', async () => {
    const documents = await Promise.all(
      stack.apis.map(async ({ url }) => {
        const response = await fetch(new URL('/.well-known/jwks.json', url));
        expect([response.status, response.headers.get('cache-control')]).toEqual([
          200,
          'public, max-age=300',
        ]);
        return response.json();
      }),
    );

    expect(documents).toHaveLength(2);
    expect(documents[1]).toEqual(documents[0]);
    expect(documents[0]).toEqual({
      keys: [1, 2].map(() => ({
        kty: 'EC',
        crv: 'P-256',
        x: expect.any(String),
        y: expect.any(String),
        kid: expect.any(String),
        alg: 'ES256',
        use: 'sig',
      })),
    });
  });

  it('REST and HTTP API serve the metadata of the issuer', async () => {
    for (const { url } of stack.apis) {
      const response = await fetch(new URL('/.well-known/oauth-authorization-server', url));

      expect(await response.json()).toEqual({
        issuer: ISSUER,
        jwks_uri: `${ISSUER}/.well-known/jwks.json`,
      });
    }
  });

  it('a rotation does not change keys that are new', async () => {
    await stack.rotateSecrets();

    expect(logs.filter((line) => line.includes('warning'))).toEqual([]);
  });
});
