import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decodeBody } from '../../../../lambda/io/http/decode-body';

const TEXT = Buffer.from('{"active":true}');
const LIMIT = 1000;
const CODINGS = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const;
const INVALID = (message: string) =>
  expect.objectContaining({
    kind: 'response_malformed',
    message: expect.stringContaining(message),
  });

describe.each(CODINGS)('a body in %s', (coding, encode) => {
  it(`a body in ${coding} is decoded`, async () => {
    expect(await decodeBody(encode(TEXT), coding, LIMIT)).toEqual(TEXT);
  });

  it(`a body in ${coding} is decoded in any case of the coding, and with spaces around it`, async () => {
    expect(await decodeBody(encode(TEXT), ` ${coding.toUpperCase()} `, LIMIT)).toEqual(TEXT);
  });

  it(`a body in ${coding} can have the maximum length when decoded, and not a byte more`, async () => {
    expect(await decodeBody(encode(Buffer.alloc(LIMIT)), coding, LIMIT)).toHaveLength(LIMIT);
    await expect(decodeBody(encode(Buffer.alloc(LIMIT + 1)), coding, LIMIT)).rejects.toEqual(
      INVALID(`the response is not valid ${coding}, or too large`),
    );
  });

  it(`a decompression bomb in ${coding} is an error`, async () => {
    const bomb = encode(Buffer.alloc(200_000));
    expect(bomb.length).toBeLessThan(65_536);

    await expect(decodeBody(bomb, coding, 65_536)).rejects.toEqual(INVALID('the response is not'));
  });

  it(`a body in ${coding} that is cut off anywhere is an error`, async () => {
    const whole = encode(TEXT);
    for (let length = 1; length < whole.length; length++) {
      await expect(decodeBody(whole.subarray(0, length), coding, LIMIT)).rejects.toEqual(
        INVALID('the response is not valid'),
      );
    }
  });

  it(`garbage in ${coding} is an error, or what it decodes to`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1 }), async (bytes) => {
        const outcome = await decodeBody(Buffer.from(bytes), coding, LIMIT).catch((error) => error);
        if (!Buffer.isBuffer(outcome))
          expect(outcome).toEqual(INVALID('the response is not valid'));
        else expect(outcome.length).toBeLessThanOrEqual(LIMIT);
      }),
    );
    await expect(decodeBody(TEXT, coding, LIMIT)).rejects.toEqual(INVALID('the response is not'));
  });
});

describe('decodeBody', () => {
  it.each([undefined, 'identity', 'Identity', '', ' '])(
    'a body in the coding %j is not decoded',
    async (coding) => {
      expect(await decodeBody(TEXT, coding, LIMIT)).toBe(TEXT);
    },
  );

  it.each(['zstd', 'compress', 'gzip, br', 'gzip;q=1', 'constructor', '__proto__', 'aes128gcm'])(
    'a body in the unknown coding %s is an error',
    async (coding) => {
      await expect(decodeBody(gzipSync(TEXT), coding, LIMIT)).rejects.toEqual(
        INVALID('the response has an unknown content coding'),
      );
    },
  );

  it('an empty body is decoded as empty in any coding', async () => {
    expect(await decodeBody(Buffer.alloc(0), 'gzip', LIMIT)).toHaveLength(0);
    expect(await decodeBody(Buffer.alloc(0), 'zstd', LIMIT)).toHaveLength(0);
  });

  it('a body in deflate must have a zlib header, as HTTP defines it', async () => {
    await expect(decodeBody(deflateRawSync(TEXT), 'deflate', LIMIT)).rejects.toEqual(
      INVALID('the response is not valid deflate'),
    );
  });
});
