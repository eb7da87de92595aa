import type { HttpResponse } from '../../../lambda/core/http-response';
import { nestedResponse, readSignedResponse } from '../../../lambda/core/signed-response';
import { faultWith, thrownBy } from '../../support/faults';
import { httpResponse } from '../../support/minting';
import { ISSUER, jws, NOW } from '../../support/tokens';

const TYPE = 'application/token-introspection+jwt';
const HEADER = { alg: 'ES256', typ: 'token-introspection+jwt' };
const NESTED = { active: true, sub: 'alice' };
const PAYLOAD = { iss: ISSUER, aud: 'gateway', iat: NOW, token_introspection: NESTED };
const PARTIES = { issuer: ISSUER, clientId: 'gateway' };

describe('readSignedResponse', () => {
  it.each([
    'token-introspection+jwt',
    'application/token-introspection+jwt',
    'Token-Introspection+JWT',
  ])('readSignedResponse returns a JWS of the type %s', (typ) => {
    const signed = jws(PAYLOAD, { ...HEADER, typ });

    expect(readSignedResponse(httpResponse(signed, TYPE))).toBe(signed);
  });

  it.each<[string, HttpResponse, string]>([
    ['another media type', httpResponse(jws(PAYLOAD, HEADER), 'application/jwt'), 'the media type'],
    ['plain JSON', httpResponse({ active: false }), 'the media type'],
    [
      'another type',
      httpResponse(jws(PAYLOAD, { ...HEADER, typ: 'at+jwt' }), TYPE),
      'the type of the signed response is at+jwt',
    ],
    [
      'no type',
      httpResponse(jws(PAYLOAD, { alg: 'ES256' }), TYPE),
      'the type of the signed response is absent',
    ],
    [
      'no signature',
      httpResponse(jws(PAYLOAD, { ...HEADER, alg: 'none' }), TYPE),
      'the JWT is unsigned',
    ],
    ['encryption', httpResponse('e30.e30.e30.e30.e30', TYPE), 'the JWT is not a JWS'],
    ['an empty body', httpResponse('', TYPE), 'the JWT is not a JWS'],
    ['the status 400', httpResponse('', TYPE, 400), 'the authorization server responded 400'],
  ])('readSignedResponse fails for a response with %s', (_, response, detail) => {
    const error = thrownBy(() => readSignedResponse(response));

    expect(error).toEqual(faultWith('introspection_response_invalid', detail));
  });

  it('readSignedResponse removes white space around the JWS', () => {
    const signed = jws(PAYLOAD, HEADER);

    expect(readSignedResponse(httpResponse(` ${signed}\r\n`, TYPE))).toBe(signed);
  });
});

describe('nestedResponse', () => {
  it('returns the nested response if issuer and audience are right', () => {
    for (const aud of ['gateway', ['other', 'gateway']]) {
      expect(nestedResponse(jws({ ...PAYLOAD, aud }, HEADER), PARTIES, NOW)).toMatchObject(NESTED);
    }
  });

  it.each([
    ['absent', {}, ISSUER],
    ['null', { iss: null }, ISSUER],
    ['another one', { iss: 'https://other.example.com' }, 'https://other.example.com'],
  ])('the nested response has the issuer of the response if its own is %s', (_title, own, iss) => {
    const signed = jws({ ...PAYLOAD, token_introspection: { ...NESTED, ...own } }, HEADER);

    expect(nestedResponse(signed, PARTIES, NOW)).toEqual({ ...NESTED, iss });
  });

  it.each<[string, object, string]>([
    [
      'another issuer',
      { iss: 'https://evil.example.com' },
      'the issuer of the signed response is https://evil.example.com',
    ],
    ['no issuer', { iss: undefined }, 'the issuer of the signed response is absent'],
    [
      'other audiences',
      { aud: ['other', 'another'] },
      'the audience of the signed response is other another, not our client',
    ],
    [
      'an audience that only begins like ours',
      { aud: ['gateway2'] },
      'the audience of the signed response is gateway2, not our client',
    ],
    [
      'no audience',
      { aud: undefined },
      'the audience of the signed response is absent, not our client',
    ],
    ['no iat', { iat: undefined }, 'the signed response has no iat'],
    ['an iat that is text', { iat: String(NOW) }, 'the signed response has no iat'],
    ['a past exp', { exp: NOW }, 'the signed response has expired'],
    [
      'no nested response',
      { token_introspection: undefined },
      'the signed response has no token_introspection',
    ],
    [
      'flat members',
      { token_introspection: undefined, active: true, sub: 'alice' },
      'the signed response has no token_introspection',
    ],
    [
      'a list as nested response',
      { token_introspection: [NESTED] },
      'the signed response has no token_introspection',
    ],
  ])('nestedResponse fails for a response with %s', (_, changes, detail) => {
    const signed = jws({ ...PAYLOAD, ...changes }, HEADER);

    expect(thrownBy(() => nestedResponse(signed, PARTIES, NOW))).toEqual(
      faultWith('introspection_response_invalid', detail),
    );
  });

  it('the nested response of a signed response that expires later is returned', () => {
    const signed = jws({ ...PAYLOAD, exp: NOW + 0.001 }, HEADER);

    expect(nestedResponse(signed, PARTIES, NOW)).toMatchObject(NESTED);
  });

  it.each([
    ['our own issuer is not known', { iss: undefined }, { ...PARTIES, issuer: undefined }],
    ['our client id is empty', { aud: '' }, { ...PARTIES, clientId: '' }],
  ])('nestedResponse fails if %s', (_, changes, parties) => {
    const signed = jws({ ...PAYLOAD, ...changes }, HEADER);

    expect(thrownBy(() => nestedResponse(signed, parties, NOW))).toEqual(
      faultWith('introspection_response_invalid'),
    );
  });
});
