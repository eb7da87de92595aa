import { readPublicKeys } from '../../../lambda/core/key-set';

const PUBLIC = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'one' };
const read = (...keys: unknown[]) => readPublicKeys(JSON.stringify({ keys }));

describe('readPublicKeys', () => {
  it('readPublicKeys returns public keys as they are', () => {
    expect(read(PUBLIC)).toEqual([PUBLIC]);
  });

  it.each<[string, unknown]>([
    ['a private key', { ...PUBLIC, d: 'd' }],
    ['a symmetric key', { kty: 'oct', k: 'k' }],
    ['a symmetric key without its value', { kty: 'oct', kid: 'one' }],
    ['a key of another type with a symmetric value', { ...PUBLIC, k: 'k' }],
    ['an object without a type', { kid: 'one' }],
    ['null', null],
    ['a string', 'key'],
    ['a list', [PUBLIC]],
  ])('readPublicKeys drops %s', (_, entry) => {
    expect(read(entry, PUBLIC)).toEqual([PUBLIC]);
  });

  it.each(['', 'null', '[]', '{}', '{"keys":{}}', '<html>'])(
    'readPublicKeys throws, without quoting it, for %j, which is not a JWK set',
    (text) => {
      expect(() => readPublicKeys(text)).toThrow(/^the response is not a JWK set$/);
    },
  );
});
