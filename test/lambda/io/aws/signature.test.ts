import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import * as fc from 'fast-check';
import { type AwsCredentials, createSigner } from '../../../../lambda/io/aws/signature';

/** Credentials, scope and moment of AWS's own test suite for Signature Version 4. */
const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const SCOPE = { region: 'us-east-1', service: 'service' };
const AT = new Date('2015-08-30T12:36:00Z');
const host = 'example.amazonaws.com';

class Sha256 {
  readonly #hash;
  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    const bytes = typeof key === 'string' ? key : new Uint8Array(key as ArrayBuffer);
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytes);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  reset(): void {}
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

/** The signature that the SDK's own signer makes. */
async function bySdk(
  headers: Record<string, string>,
  body: string,
  credentials: AwsCredentials,
  at: Date,
): Promise<string | undefined> {
  const { sessionToken, ...keys } = credentials;
  const signer = new SignatureV4({
    ...{ ...SCOPE, sha256: Sha256, applyChecksum: false },
    credentials: { ...keys, ...(sessionToken !== undefined && { sessionToken }) },
  });
  const request = { method: 'POST', protocol: 'https:', hostname: host, path: '/', query: {} };
  const signed = await signer.sign(
    { ...request, headers: { ...headers }, body },
    { signingDate: at },
  );
  return signed.headers['authorization'];
}

describe('createSigner', () => {
  // The cases of the suite that fit requests without a query, by their names there.
  it.each([
    [
      'get-vanilla',
      { method: 'GET' },
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    ['post-vanilla', {}, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'post-header-key-sort',
      { headers: { host, 'my-header1': 'value1' } },
      'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
    ],
    [
      'post-x-www-form-urlencoded',
      {
        headers: { 'content-type': 'application/x-www-form-urlencoded', host },
        body: 'Param1=value1',
      },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('signs as the case %s of AWS requires', (_, request, signature) => {
    const whole = { method: 'POST', path: '/', headers: { host }, body: '', ...request };

    expect(createSigner(SCOPE)(whole, CREDENTIALS, AT)['authorization']).toMatch(
      new RegExp(`Signature=${signature}$`),
    );
  });

  it('signs as the SDK does, for any body, credentials and time', async () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme-ascii' }).map((it) => it.trim() || 'x');
    const sign = createSigner(SCOPE);

    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.record({
          accessKeyId: text,
          secretAccessKey: text,
          sessionToken: fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,900}$/), { nil: undefined }),
        }),
        fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
        async (body, credentials, at) => {
          const headers = { host, 'x-amz-target': 'DynamoDB_20120810.GetItem' };
          const signed = sign({ method: 'POST', path: '/', headers, body }, credentials, at);

          expect(signed['authorization']).toBe(await bySdk(headers, body, credentials, at));
        },
      ),
    );
  });

  it('sends every header that it signed, the time and the session token', () => {
    const credentials = { ...CREDENTIALS, sessionToken: 'token' };
    const request = { method: 'POST', path: '/', headers: { host, 'x-amz-target': 'x' }, body: '' };

    expect(createSigner(SCOPE)(request, credentials, AT)).toEqual({
      host,
      'x-amz-target': 'x',
      'x-amz-date': '20150830T123600Z',
      'x-amz-security-token': 'token',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20150830\/us-east-1\/service\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
      ),
    });
  });
});
