import { Annotations, Lazy } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  type AuthorizerFunction,
  HttpApiProtection,
  IntrospectionResponse,
  KeySet,
  RestApiProtection,
  SigningKmsKey,
} from '../../../lib';
import { addAuthorizerFunction } from '../../support/authorizer-function';
import { newStack } from '../../support/synthesize';

const issuer = 'https://api.example.com';

/** Returns a function that mints, and what is needed to publish its keys. */
function minting() {
  const stack = newStack();
  const keys = new SigningKmsKey(stack, 'Keys');
  const authorizerFunction = addAuthorizerFunction(stack, {
    introspectionResponse: IntrospectionResponse.json(),
    mint: { issuer, audience: ['orders'], keys },
  });
  return { stack, keys, authorizerFunction };
}

function warningsOf({ node }: AuthorizerFunction): string[] {
  node.validate();
  return node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => data);
}

const unpublished = expect.stringMatching(
  /^no protection of this app publishes the keys of mint\.keys/,
);

test('synthesis warns of minting without a key set', () => {
  expect(warningsOf(minting().authorizerFunction)).toEqual([unpublished]);
});

test('synthesis warns of minting with a key set that no API publishes', () => {
  const { stack, keys, authorizerFunction } = minting();
  new KeySet(stack, 'KeySet', { keys, issuer });

  expect(warningsOf(authorizerFunction)).toEqual([unpublished]);
});

test('the warning of an integration of the app by hand can be acknowledged by the id that it names', () => {
  const { stack, keys, authorizerFunction } = minting();
  const keySet = new KeySet(stack, 'KeySet', { keys, issuer });
  const api = new RestApi(stack, 'Api');
  api.root.addMethod('GET', new LambdaIntegration(keySet.lambdaFunction));
  const [warning] = warningsOf(authorizerFunction);
  const [id = ''] = /phantom-token-authorizer:[a-z-]+/.exec(String(warning)) ?? [];
  Annotations.of(authorizerFunction).acknowledgeWarning(id);

  expect(warningsOf(authorizerFunction)).toEqual([]);
});

test('synthesis warns of minting if only the keys of another function are published', () => {
  const { stack, authorizerFunction } = minting();
  const keys = new SigningKmsKey(stack, 'OtherKeys');
  new KeySet(stack, 'KeySet', { keys, issuer }).markPublished();

  expect(warningsOf(authorizerFunction)).toEqual([unpublished]);
});

test('synthesis does not warn of minting if a REST API or an HTTP API publishes the keys', () => {
  const rest = minting();
  new RestApiProtection(rest.stack, 'Protection', {
    ...{ api: new RestApi(rest.stack, 'Api'), authorizerFunction: rest.authorizerFunction },
  }).publishKeySet(new KeySet(rest.stack, 'KeySet', { keys: rest.keys, issuer }));
  const http = minting();
  new HttpApiProtection(http.stack, 'Protection', {
    ...{ api: new HttpApi(http.stack, 'Api'), authorizerFunction: http.authorizerFunction },
  }).publishKeySet(new KeySet(http.stack, 'KeySet', { keys: http.keys, issuer }));

  expect(warningsOf(rest.authorizerFunction)).toEqual([]);
  expect(warningsOf(http.authorizerFunction)).toEqual([]);
});

test('synthesis warns of a key set with another issuer than that of the tokens', () => {
  const { stack, keys, authorizerFunction } = minting();
  new KeySet(stack, 'KeySet', { keys, issuer: `${issuer}/` }).markPublished();

  expect(warningsOf(authorizerFunction)).toEqual([
    expect.stringContaining(
      `issuer of Stack/KeySet must be mint.issuer, "${issuer}", which the tokens state, got: "${issuer}/".`,
    ),
  ]);
});

test('synthesis does not compare an issuer that is known only at deployment', () => {
  const { stack, keys, authorizerFunction } = minting();
  const late = Lazy.string({ produce: () => issuer });
  new KeySet(stack, 'KeySet', { keys, issuer: late }).markPublished();

  expect(warningsOf(authorizerFunction)).toEqual([]);
});
