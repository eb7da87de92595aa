import {
  isCertificateRejected,
  isClientRejected,
  isRejected,
  oauthError,
} from '../../../lambda/core/client-rejection';

const response = (status: number, body: unknown = '') => ({
  status,
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const errorWith = (code: unknown) => Object.assign(new Error('x'), { code });

describe('oauthError', () => {
  it.each([
    ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client'],
    ...['unsupported_grant_type', 'invalid_scope', 'access_denied', 'server_error'],
    ...['temporarily_unavailable', 'invalid_token', 'insufficient_scope'],
    'unsupported_token_type',
  ])('returns the OAuth error %s', (error) => {
    expect(oauthError(response(400, { error }))).toBe(error);
  });

  it.each([
    'Sesame-7f3a',
    '',
    'INVALID_CLIENT',
    'invalid_client ',
    ['invalid_client'],
    null,
    7,
    undefined,
  ])('returns no OAuth error for %j, which no RFC defines', (error) => {
    expect(oauthError(response(400, { error }))).toBeUndefined();
  });

  it.each(['', 'invalid_client', '["invalid_client"]', 'null'])(
    'returns no OAuth error for the body %j, which is not a JSON object',
    (body) => {
      expect(oauthError(response(400, body))).toBeUndefined();
    },
  );

  it.each([
    [200, undefined],
    [399, undefined],
    [400, 'invalid_client'],
    [599, 'invalid_client'],
  ])('the OAuth error of a response with status %d is %j', (status, expected) => {
    expect(oauthError(response(status, { error: 'invalid_client' }))).toBe(expected);
  });
});

describe('isClientRejected', () => {
  it.each([
    [401, '', true],
    [403, '', true],
    [400, '', false],
    [400, { error: 'invalid_client' }, true],
    [400, { error: 'unauthorized_client' }, true],
    [400, { error: 'invalid_request' }, false],
    [402, { error: 'invalid_client' }, false],
    [500, { error: 'invalid_client' }, false],
    [200, { error: 'unauthorized_client' }, false],
  ])('a response %d with the body %j refuses our credentials: %j', (status, body, expected) => {
    expect(isClientRejected(response(status, body))).toBe(expected);
  });
});

describe('isCertificateRejected', () => {
  it.each([
    ...['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE'],
    ...['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'],
    'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
  ])('the error %s refuses our certificate', (code) => {
    expect(isCertificateRejected(errorWith(code))).toBe(true);
    expect(isRejected({ error: errorWith(code) })).toBe(true);
  });

  it.each([
    ...['ECONNRESET', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'CERT_HAS_EXPIRED', undefined],
    ...['ALERT_UNKNOWN_CA', 'XERR_SSL_ALERT_UNKNOWN_CA', 'ERR_SSL_ALERT_UNKNOWN_CAX'],
    ...['ERR_SSL_ALERT_XACCESS_DENIED', 'ERR_SSL_WRONG_CERTIFICATE'],
  ])('the error %s does not refuse our certificate', (code) => {
    expect(isCertificateRejected(errorWith(code))).toBe(false);
    expect(isRejected({ error: errorWith(code) })).toBe(false);
  });

  it('a value that is not an error, or has no code, does not refuse our certificate', () => {
    const code = 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA';

    for (const error of [{ code }, code, undefined, new Error(code)]) {
      expect(isCertificateRejected(error)).toBe(false);
    }
  });
});

describe('isRejected', () => {
  it.each([
    [401, true],
    [503, false],
  ])(
    'an attempt with the response %d failed because of our credentials: %j',
    (status, expected) => {
      expect(isRejected({ response: response(status) })).toBe(expected);
    },
  );
});
