import { secretText } from '../../../lambda/core/secret-text';

const JSON_TEXT = '{"client_id":"gäte\uFEFFway"}';
const binary = (text: string) => Buffer.from(text, 'utf8').toString('base64');

describe('secretText', () => {
  it.each([
    ['a string', { SecretString: JSON_TEXT }],
    ['a string with a byte order mark', { SecretString: `\uFEFF${JSON_TEXT}` }],
    ['a binary value', { SecretBinary: binary(JSON_TEXT) }],
    ['a binary value with a byte order mark', { SecretBinary: binary(`\uFEFF${JSON_TEXT}`) }],
  ])('secretText returns the text of %s', (_, response) => {
    expect(secretText(response)).toBe(JSON_TEXT);
  });

  it('secretText returns nothing for a response without a value', () => {
    expect(secretText({ SecretString: 7 })).toBe('');
    expect(secretText({})).toBe('');
  });
});
