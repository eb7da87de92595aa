import { memoryCacheKey } from '../../../lambda/core/memory-cache-key';

test('memoryCacheKey is the SHA-256 digest of the access token in base64url', () => {
  expect(memoryCacheKey('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
});
