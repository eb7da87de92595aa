import { generateKeyPairSync } from 'node:crypto';
import type { DocumentEvent, DocumentResponse } from '../../../lambda/key-set/documents';
import { startParameterStore } from '../../../local/aws/parameter-store';
import { loadHandler } from '../../support/isolated-handler';
import { createPrivateJwk } from '../../support/signing-keys';
import { startStubServer } from '../../support/stub-server';

const VARIABLES = {
  SIGNING_ISSUER: 'https://api.example.com',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
};
const HANDLER = require.resolve('../../../lambda/key-set/handler');
type Handler = (event: DocumentEvent) => Promise<DocumentResponse>;
const handlerWith = (variables: Readonly<Record<string, string>>) =>
  loadHandler<Handler>(HANDLER, { ...VARIABLES, ...variables });
const KEY_SET = { resource: '/.well-known/jwks.json' };

describe('the handler of the key set function', () => {
  it('the key set function publishes the keys of the parameter', async () => {
    const { d: _, ...jwk } = createPrivateJwk();
    const parameters = await startParameterStore();
    try {
      const properties = { Type: 'String', Value: JSON.stringify({ keys: [jwk] }) };
      const parameter = { logicalId: 'KeySet', type: 'AWS::SSM::Parameter', properties };
      parameters.createParameter(parameter, 'key-set');
      const handler = handlerWith({
        KEY_SET_PARAMETER: 'key-set',
        AWS_ENDPOINT_URL_SSM: parameters.endpoint.href,
      });

      expect(JSON.parse((await handler(KEY_SET)).body)).toEqual({ keys: [jwk] });
    } finally {
      await parameters.close();
    }
  });

  it('the key set function publishes the keys of KMS', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const PublicKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const kms = await startStubServer('/', (response) => {
      const body = { PublicKey, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
      response.end(JSON.stringify(body));
    });
    try {
      const handler = handlerWith({
        PUBLISHED_KMS_KEY_ARNS: '["arn:one"]',
        AWS_ENDPOINT_URL_KMS: kms.url.href,
      });

      expect(JSON.parse((await handler(KEY_SET)).body)).toMatchObject({
        keys: [publicKey.export({ format: 'jwk' })],
      });
      expect(kms.requests[0]).toMatchObject({
        headers: { 'x-amz-target': 'TrentService.GetPublicKey' },
        body: '{"KeyId":"arn:one"}',
      });
    } finally {
      await kms.close();
    }
  });

  it('the key set function does not start without a source of keys', () => {
    expect(() => handlerWith({})).toThrow(
      'KEY_SET_PARAMETER or PUBLISHED_KMS_KEY_ARNS must be set',
    );
  });
});
