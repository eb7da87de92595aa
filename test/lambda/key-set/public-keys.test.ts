import { generateKeyPairSync } from 'node:crypto';
import { thumbprint } from '../../../lambda/core/jwk';
import type { AwsClient } from '../../../lambda/io/aws/client';
import { publicKeysOfKms, publicKeysOfParameter } from '../../../lambda/key-set/public-keys';
import { createPrivateJwk } from '../../support/signing-keys';

describe('publicKeysOfParameter', () => {
  const read = (value: unknown) => {
    const client: AwsClient = async () => ({ Parameter: { Value: value } });
    return publicKeysOfParameter(client, 'key-set')();
  };

  it('publicKeysOfParameter reads the keys of the parameter', async () => {
    const { d: _, ...jwk } = createPrivateJwk();
    const client = jest.fn(async () => ({ Parameter: { Value: JSON.stringify({ keys: [jwk] }) } }));

    expect(await publicKeysOfParameter(client, 'key-set')()).toEqual([jwk]);
    expect(client.mock.calls).toEqual([['GetParameter', { Name: 'key-set' }]]);
  });

  it('publicKeysOfParameter publishes no private key, even if the parameter contains one', async () => {
    const { d: _, ...jwk } = createPrivateJwk();

    expect(await read(JSON.stringify({ keys: [createPrivateJwk(), jwk] }))).toEqual([jwk]);
  });

  it('publicKeysOfParameter throws for a parameter without keys, as it is before the first rotation', async () => {
    await expect(read('{"keys":[]}')).rejects.toThrow('check the rotation of the signing secret');
  });

  it.each([undefined, '', '{}'])('publicKeysOfParameter throws for the value %j', async (value) => {
    await expect(read(value)).rejects.toThrow('is not a JWK set');
  });
});

describe('publicKeysOfKms', () => {
  const response = (change: object = {}, namedCurve = 'P-256') => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve });
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const jwk = { ...publicKey.export({ format: 'jwk' }) };
    return {
      jwk,
      body: { PublicKey: spki, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', ...change },
    };
  };

  it('publicKeysOfKms reads the keys in order, with their thumbprints as ids', async () => {
    const [one, two] = [response(), response()];
    const bodies: Record<string, object> = { 'arn:1': one.body, 'arn:2': two.body };
    const kms = async (operation: string, input: object) => {
      const { KeyId } = input as { KeyId: string };
      return operation === 'GetPublicKey' ? { ...bodies[KeyId] } : {};
    };

    expect(await publicKeysOfKms(kms, '["arn:1","arn:2"]')()).toEqual(
      [one, two].map(({ jwk }) => ({ ...jwk, kid: thumbprint(jwk), alg: 'ES256', use: 'sig' })),
    );
  });

  it.each([
    ['another curve', response({ KeySpec: 'ECC_NIST_P384' }, 'P-384').body],
    ['another usage', response({ KeyUsage: 'KEY_AGREEMENT' }).body],
    ['no public key', response({ PublicKey: undefined }).body],
  ])('publicKeysOfKms throws for a key with %s', async (_, body) => {
    await expect(publicKeysOfKms(async () => body, '["arn"]')()).rejects.toThrow(
      'the KMS key must be an ECC_NIST_P256 key for SIGN_VERIFY',
    );
  });
});
