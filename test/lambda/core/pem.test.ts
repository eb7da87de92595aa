import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { certificatesOf, normalizePem } from '../../../lambda/core/pem';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const CERTIFICATE = `-----BEGIN CERTIFICATE-----\n${'QUJD'.repeat(30)}\n-----END CERTIFICATE-----\n`;
const ENCRYPTED = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nQUJD\n-----END RSA PRIVATE KEY-----\n`;

describe('normalizePem', () => {
  it.each([
    ['as tools write it', PEM],
    ['with literal \\n', PEM.replaceAll('\n', '\\n')],
    ['with literal \\r\\n', PEM.replaceAll('\n', '\\r\\n')],
    ['with CRLF', PEM.replaceAll('\n', '\r\n')],
    ['in one line', PEM.replaceAll('\n', ' ')],
    ['in one line without spaces', PEM.replaceAll('\n', '')],
    ['indented', PEM.replaceAll(/^/gm, '    ')],
    ['with text around it', `Bag Attributes\n${PEM}\n\n`],
  ])('normalizePem returns a key that Node.js can read, for PEM %s', (_, text) => {
    const key = createPrivateKey(normalizePem(text));

    expect(key.equals(privateKey)).toBe(true);
    expect(normalizePem(text)).toBe(PEM);
  });

  it('normalizePem keeps the order of several blocks', () => {
    const chain = `${PEM}${CERTIFICATE}`.replaceAll('\n', '\\n');

    expect(normalizePem(chain).match(/BEGIN [A-Z ]+/g)).toEqual([
      'BEGIN PRIVATE KEY',
      'BEGIN CERTIFICATE',
    ]);
    expect(normalizePem(`${PEM}\n${PEM}`)).toBe(`${PEM}${PEM}`);
  });

  it('normalizePem writes a block without content as one without lines', () => {
    const [begin, end] = ['-----BEGIN X-----', '-----END X-----'];

    expect(normalizePem(`${begin} ${end}`)).toBe(`${begin}\n${end}\n`);
  });

  it.each([
    ['empty text', ''],
    ['text without a block', 'Sesame-7f3a'],
    ['text with a literal \\n', 'a\\nb'],
    ['a block without an end', '-----BEGIN X-----'],
    ['a block with the end of another', '-----BEGIN X-----QUJD-----END Y-----'],
    ['an encrypted key', ENCRYPTED],
    ['an encrypted key with literal \\n', ENCRYPTED.replaceAll('\n', '\\n')],
    ['a block with a header', '-----BEGIN X-----\nComment: a\n\nQUJD\n-----END X-----'],
    ['a block after an encrypted key', `${ENCRYPTED}${PEM}`],
    ['a block before one without an end', `${PEM}-----BEGIN X-----`],
  ])('normalizePem returns %s unchanged', (_, text) => {
    expect(normalizePem(text)).toBe(text);
  });
});

test('certificatesOf returns the certificates of a bundle and nothing else', () => {
  expect(certificatesOf(`${CERTIFICATE}${PEM}${CERTIFICATE}`)).toEqual([
    CERTIFICATE.trim(),
    CERTIFICATE.trim(),
  ]);
});
