import { readStrings } from '../../../lambda/core/secret-members';

const NAMES = ['client_id', 'client_secret'] as const;
const read = (client_id: unknown, client_secret: unknown = 'b') =>
  readStrings({ client_id, client_secret, other: 1 }, NAMES);

describe('readStrings', () => {
  it.each<[string, unknown, string]>([
    ['text', 'a', 'a'],
    ['text with a line break at its end', 'a\n', 'a'],
    ['text with line breaks of both kinds at its end', 'a\n\r\n', 'a'],
    ['text with a line break in it', 'a\nb', 'a\nb'],
    ['text with a space at its end', 'a ', 'a '],
    ['a client ID that is stored as a number', 1234, '1234'],
  ])('readStrings returns the values in the order of their names: %s', (_, value, text) => {
    expect(read(value)).toEqual([text, 'b']);
  });

  it('readStrings reads a private key whose line breaks are escaped', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMII=\n-----END PRIVATE KEY-----';

    expect(read('a', pem.replaceAll('\n', '\\n'))).toEqual(['a', expect.stringContaining(pem)]);
  });

  it.each<[string, unknown, unknown, string]>([
    ['an absent member', undefined, 'b', 'the secret lacks client_id'],
    ['null', null, 'b', 'the secret lacks client_id'],
    ['empty text', 'a', '', 'the secret lacks client_secret'],
    ['a line break alone', 'a', '\r\n', 'the secret lacks client_secret'],
    ['two missing members', '', null, 'the secret lacks client_id and client_secret'],
    ['a list', ['a'], 'b', 'client_id must be a string, got: array'],
    ['an object', { a: 'b' }, 'b', 'client_id must be a string, got: object'],
    ['a boolean', true, 'b', 'client_id must be a string, got: boolean'],
    ['a fraction', 1.5, 'b', 'client_id must be a string, got: number'],
    ['an inexact number', 2 ** 53, 'b', 'client_id must be a string, got: number'],
    ['a number that is not a client ID', 'a', 7, 'client_secret must be a string, got: number'],
    [
      'a missing member and one of another type',
      '',
      7,
      'the secret lacks client_id; client_secret must be a string, got: number',
    ],
  ])('readStrings reports the members that are wrong: %s', (_, id, secret, problem) => {
    expect(read(id, secret)).toEqual({ problem });
  });
});
