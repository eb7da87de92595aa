import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * Client certificate as events have it. AWS shows one event, with the serial number `1` and names in the
 * order of the certificate, and one example with a serial number of 16 bytes.
 *
 * @see https://aws.amazon.com/blogs/compute/introducing-mutual-tls-authentication-for-amazon-api-gateway/
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export interface ClientCertificate {
  readonly clientCertPem: string;
  readonly subjectDN: string;
  readonly issuerDN: string;
  readonly serialNumber: string;
  readonly validity: { readonly notBefore: string; readonly notAfter: string };
}

/** Serial numbers of more bytes are written in hexadecimal, as OpenSSL does. */
const MAX_DECIMAL_BYTES = 8;

/** Returns the client certificate of a connection; `undefined` if the client presented none. */
export function clientCertificate(socket: Socket): ClientCertificate | undefined {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return certificate && describe(certificate);
}

function describe(certificate: X509Certificate): ClientCertificate {
  const { subject, issuer, serialNumber, validFrom, validTo } = certificate;
  return {
    clientCertPem: certificate.toString(),
    subjectDN: distinguishedName(subject),
    issuerDN: distinguishedName(issuer),
    serialNumber: serialNumberText(serialNumber),
    validity: { notBefore: validFrom, notAfter: validTo },
  };
}

/** Joins the lines of Node.js, each a part of the name, such as `CN=shop`. */
function distinguishedName(lines: string): string {
  return lines.split('\n').join(',');
}

function serialNumberText(hex: string): string {
  const bytes = hex.toLowerCase().match(/../g) ?? [];
  return bytes.length > MAX_DECIMAL_BYTES ? bytes.join(':') : BigInt(`0x${hex}`).toString();
}
