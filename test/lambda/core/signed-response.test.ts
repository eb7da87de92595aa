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

  it.each<[string, HttpResponse]>([
    ['another media type', httpResponse(jws(PAYLOAD, HEADER), 'application/jwt')],
    ['plain JSON', httpResponse({ active: false })],
    ['another type', httpResponse(jws(PAYLOAD, { ...HEADER, typ: 'at+jwt' }), TYPE)],
    ['no type', httpResponse(jws(PAYLOAD, { alg: 'ES256' }), TYPE)],
    ['no signature', httpResponse(jws(PAYLOAD, { ...HEADER, alg: 'none' }), TYPE)],
    ['encryption', httpResponse('e30.e30.e30.e30.e30', TYPE)],
    ['an empty body', httpResponse('', TYPE)],
    ['the status 400', httpResponse('', TYPE, 400)],
  ])('readSignedResponse fails for a response with %s', (_, response) => {
    const error = thrownBy(() => readSignedResponse(response));

    expect(error).toEqual(faultWith('introspection_response_invalid'));
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

  it.each<[string, object]>([
    ['another issuer', { iss: 'https://evil.example.com' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'other' }],
    ['an audience that only begins like ours', { aud: ['gateway2'] }],
    ['no audience', { aud: undefined }],
    ['no iat', { iat: undefined }],
    ['a past exp', { exp: NOW }],
    ['no nested response', { token_introspection: undefined }],
    ['flat members', { token_introspection: undefined, active: true, sub: 'alice' }],
    ['a list as nested response', { token_introspection: [NESTED] }],
  ])('nestedResponse fails for a response with %s', (_, changes) => {
    const signed = jws({ ...PAYLOAD, ...changes }, HEADER);

    expect(thrownBy(() => nestedResponse(signed, PARTIES, NOW))).toEqual(
      faultWith('introspection_response_invalid'),
    );
  });

  it('nestedResponse fails if our own issuer or client id is not known', () => {
    const anonymous = jws({ ...PAYLOAD, aud: '', iss: '' }, HEADER);

    for (const parties of [
      { issuer: undefined, clientId: 'gateway' },
      { issuer: '', clientId: '' },
    ]) {
      expect(thrownBy(() => nestedResponse(anonymous, parties, NOW))).toEqual(
        faultWith('introspection_response_invalid'),
      );
    }
  });
});
