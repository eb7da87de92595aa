import { readCertificate } from '../../../lambda/core/client-certificate';
import { CLIENT_CERTIFICATE } from '../../support/client-certificate';

const { pem, thumbprint, validFrom, validTo } = CLIENT_CERTIFICATE;

describe('readCertificate', () => {
  it.each([
    ['unparsable', 'empty', '', validFrom],
    ['unparsable', 'not PEM', thumbprint, validFrom],
    ['unparsable', 'cut off', pem.slice(0, 200), validFrom],
    ['not yet valid', 'not valid for another millisecond', pem, validFrom - 0.001],
    ['expired', 'invalid since a millisecond', pem, validTo + 0.001],
    ['not yet valid', 'read at a time that is not a number', pem, Number.NaN],
  ])('a client certificate is %s if it is %s', (invalid, _, text, now) => {
    expect(readCertificate(text, now)).toEqual({ invalid });
  });

  it.each([
    ['from its first second on', validFrom],
    ['until its last second', validTo],
  ])('a client certificate has the thumbprint of RFC 8705 %s', (_, now) => {
    expect(readCertificate(pem, now)).toEqual({ thumbprint });
  });
});
