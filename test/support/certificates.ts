import 'reflect-metadata';
import { KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate and its private key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes certificates of one certificate authority. Each call makes a new key. */
export interface CertificateAuthority {
  /** Its own certificate, as PEM: what a client trusts. */
  readonly cert: string;
  /**
   * A server's certificate.
   *
   * @param names host names and IP addresses it is for.
   * @param expired whether its time is over. Default: it has begun and is not over.
   */
  server(names: readonly string[], options?: { readonly expired?: boolean }): Promise<Certificate>;
  /**
   * A client's certificate.
   *
   * @param subjectDn as in `CN=gateway,O=Example`.
   */
  client(subjectDn: string, options?: { readonly expired?: boolean }): Promise<Certificate>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 86_400_000;

/** A new certificate authority, which nobody trusts who is not told to. */
export async function createCertificateAuthority(name = 'Test CA'): Promise<CertificateAuthority> {
  const keys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    ...validity(false),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });

  async function issue(
    subject: x509.Name,
    usage: x509.ExtendedKeyUsage,
    extensions: readonly x509.Extension[],
    expired = false,
  ): Promise<Certificate> {
    const { publicKey, privateKey } = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject: subject.toString(),
      issuer: authority.subject,
      publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      ...validity(expired),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        ...extensions,
      ],
    });
    const key = KeyObject.from(privateKey as never).export({ type: 'pkcs8', format: 'pem' });
    return { cert: certificate.toString('pem'), key: String(key) };
  }

  return {
    cert: authority.toString('pem'),
    server: (names, { expired } = {}) =>
      issue(
        new x509.Name('CN=server'),
        x509.ExtendedKeyUsage.serverAuth,
        [alternativeNames(names)],
        expired,
      ),
    client: (subjectDn, { expired } = {}) =>
      issue(new x509.Name(subjectDn), x509.ExtendedKeyUsage.clientAuth, [], expired),
  };
}
const newKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const alternativeNames = (names: readonly string[]) =>
  new x509.SubjectAlternativeNameExtension(
    names.map((value) => ({
      type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const),
      value,
    })),
  );
function validity(expired: boolean) {
  const now = Date.now();
  return {
    notBefore: new Date(now - 2 * day),
    notAfter: new Date(expired ? now - day : now + day),
  };
}
