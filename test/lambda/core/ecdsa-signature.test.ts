import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { joseSignature } from '../../../lambda/core/ecdsa-signature';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const DATA = Buffer.from('data');

/** Returns a DER signature of two numbers, given as hexadecimal. */
function der(r: string, s: string): Buffer {
  const integer = (hex: string) => {
    const bytes = Buffer.from(hex, 'hex');
    return Buffer.concat([Buffer.of(0x02, bytes.length), bytes]);
  };
  const content = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}

describe('joseSignature', () => {
  it('converts signatures in DER, whatever length their numbers have', () => {
    for (let count = 0; count < 300; count += 1) {
      const signature = joseSignature(sign('sha256', DATA, privateKey)) ?? Buffer.alloc(0);

      expect(signature).toHaveLength(64);
      expect(verify('sha256', DATA, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(
        true,
      );
    }
  });

  it('pads short numbers of a signature and removes the leading zero of long ones', () => {
    const long = `00${'ff'.repeat(32)}`;

    expect(joseSignature(der('01', long))?.toString('hex')).toBe(
      `${'00'.repeat(31)}01${'ff'.repeat(32)}`,
    );
  });

  it('pads a zero number of a signature to 32 bytes', () => {
    expect(joseSignature(der('00', '01'))?.toString('hex')).toBe(`${'00'.repeat(63)}01`);
  });

  it.each([
    ['another type than SEQUENCE', Buffer.from('3106020101020101', 'hex')],
    ['another outer length', Buffer.from('3007020101020101', 'hex')],
    ['an empty buffer', Buffer.alloc(0)],
    ['a raw signature', Buffer.alloc(64, 1)],
    ['a truncated signature', der('01', '02').subarray(0, -1)],
    ['a signature with trailing bytes', Buffer.concat([der('01', '02'), Buffer.of(0)])],
    ['a signature of one number', Buffer.from('3003020101', 'hex')],
    ['an empty number', der('', '01')],
    ['a number of more than 32 bytes', der('01'.repeat(33), '01')],
    ['an inner length beyond the end', Buffer.from('30060201010220ff', 'hex')],
    ['other types than INTEGER', Buffer.from('3006040101020101', 'hex')],
  ])('joseSignature returns undefined for %s', (_, bytes) => {
    expect(joseSignature(bytes)).toBeUndefined();
  });
});
