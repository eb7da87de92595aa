import { hash, X509Certificate } from 'node:crypto';

/** Validity of a client certificate, or its thumbprint. */
export type CertificateReading =
  | { readonly thumbprint: string }
  | { readonly invalid: 'unparsable' | 'not yet valid' | 'expired' };

/**
 * Reads the certificate that a client presented in a TLS handshake. API Gateway has verified its chain.
 *
 * @param now epoch seconds.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
 * @see https://www.rfc-editor.org/rfc/rfc8705#section-3.1
 */
export function readCertificate(pem: string, now: number): CertificateReading {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return { invalid: 'unparsable' };
  }
  const { validFrom, validTo, raw } = certificate;
  // Negated, so that a time that cannot be parsed is invalid.
  if (!(Date.parse(validFrom) <= now * 1000)) return { invalid: 'not yet valid' };
  if (!(now * 1000 <= Date.parse(validTo))) return { invalid: 'expired' };
  return { thumbprint: hash('sha256', raw, 'base64url') };
}
