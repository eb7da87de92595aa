import { connectionAdvice } from '../../../lambda/core/connection-advice';

describe('connectionAdvice', () => {
  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'introspection.caBundle'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'introspection.caBundle'],
    ['CERT_UNTRUSTED', 'introspection.caBundle'],
    ['UNABLE_TO_GET_ISSUER_CERT', 'introspection.caBundle'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'introspection.caBundle'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'does not send its intermediate certificates'],
    ['EPROTO', 'does not use TLS: check scheme and port of token.jwksUri'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'does not use TLS'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'does not use TLS'],
    ['ERR_SSL_HTTP_REQUEST', 'does not use TLS'],
    ['HPE_INVALID_CONSTANT', 'does not respond with HTTP'],
    ['CERT_HAS_EXPIRED', 'expired'],
    ['CERT_NOT_YET_VALID', 'clocks'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', "host name in token.jwksUri that the server's certificate"],
    ['ENOTFOUND', 'host name in token.jwksUri'],
    ['EAI_AGAIN', 'DNS'],
    ['ECONNREFUSED', 'nothing listens'],
    ['ETIMEDOUT', 'operations.vpc'],
    ['EHOSTUNREACH', 'operations.vpc'],
    ['ENETUNREACH', 'operations.vpc'],
  ])('the advice for the error %s contains: %s', (code, words) => {
    const advice = connectionAdvice(code, 'token.jwksUri');

    expect(advice).toContain(words);
    expect(advice).toMatch(/^[A-Z].*\.$/);
  });

  it('only the advice for a leaf that is not verified supposes intermediate certificates to be missing', () => {
    const advice = connectionAdvice('SELF_SIGNED_CERT_IN_CHAIN', 'introspection.endpoint');

    expect(advice).not.toContain('intermediate');
  });

  it('the advice for an upstream is a public CA, since API Gateway ignores introspection.caBundle', () => {
    expect(connectionAdvice('DEPTH_ZERO_SELF_SIGNED_CERT', 'api.upstream')).toMatch(
      /^Give the upstream a certificate of a public CA: .*does not apply/,
    );
  });

  it('connectionAdvice returns nothing for other errors', () => {
    expect(connectionAdvice('ECONNRESET', 'introspection.endpoint')).toBeUndefined();
  });
});
