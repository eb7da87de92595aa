import { decodeJws, decodePart, normalizeType } from '../../../lambda/core/jws';
import { faultWith, thrownBy } from '../../support/faults';
import { base64url, jws } from '../../support/tokens';

const HEADER = base64url({ alg: 'RS256' });
const [NOT_COMPACT, UNSIGNED] = ['the JWT is not a JWS in compact form', 'the JWT is unsigned'];
const NO_HEADER = "the JWT's header is not a JSON object in base64url";
const NO_PAYLOAD = "the JWT's payload is not a JSON object in base64url";

describe('decodeJws', () => {
  it('decodeJws returns header and payload of a signed JWT', () => {
    expect(decodeJws(jws({ sub: 'ä' }, { alg: 'RS256', kid: 'a' }, '-_09azAZ'))).toEqual({
      header: { alg: 'RS256', kid: 'a' },
      payload: { sub: 'ä' },
    });
  });

  it.each([
    ['nothing', '', NOT_COMPACT],
    ['two parts', `${HEADER}.e30`, NOT_COMPACT],
    ['four parts', `${HEADER}.e30.c2ln.c2ln`, NOT_COMPACT],
    ['an empty signature', `${HEADER}.e30.`, NOT_COMPACT],
    ['a signature that begins with another character', `${HEADER}.e30.+ab`, NOT_COMPACT],
    ['a signature that ends with another character', `${HEADER}.e30.ab=`, NOT_COMPACT],
    ['an empty header', '.e30.c2ln', NO_HEADER],
    ['a header that is a list', 'W10.e30.c2ln', NO_HEADER],
    ['an empty payload', `${HEADER}..c2ln`, NO_PAYLOAD],
    ['a payload that is a list', `${HEADER}.W10.c2ln`, NO_PAYLOAD],
    ['no alg', jws({}, {}), UNSIGNED],
    ['the alg none', jws({}, { alg: 'NoNe' }), UNSIGNED],
    ['an alg that is not text', jws({}, { alg: 1 }), UNSIGNED],
  ])('decodeJws fails for %s', (_, text, detail) => {
    expect(thrownBy(() => decodeJws(text))).toEqual(
      faultWith('introspection_response_invalid', detail),
    );
  });
});

test.each([
  ['AT+JWT', 'at+jwt'],
  ['Application/AT+JWT', 'at+jwt'],
  ['application/application/jwt', 'application/jwt'],
  ['jwtapplication/', 'jwtapplication/'],
])('normalizeType of %s is %s', (type, normalized) => {
  expect(normalizeType(type)).toBe(normalized);
});

test.each(['', ' e30', 'e30=', 'e3+w', 'bnVsbA', 'e'])('decodePart of %j is undefined', (text) => {
  expect(decodePart(text)).toBeUndefined();
});
