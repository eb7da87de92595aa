// Required by @peculiar/x509.
import 'reflect-metadata';
import { KeyObject, randomUUID, webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Certificate and its private key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface CertificateOptions {
  /** Flag for a certificate that expired a day ago. Default: it expires in a day. */
  readonly expired?: boolean;
}

/** Private certificate authority. It issues each certificate for a new key. */
export interface CertificateAuthority {
  /** Certificate of the authority, as PEM. */
  readonly cert: string;
  /** Issues a server certificate for host names and IPv4 addresses. */
  server(names: readonly string[], options?: CertificateOptions): Promise<Certificate>;
  /** Issues a client certificate for a subject as in RFC 4514, for example `CN=gateway,O=Example`. */
  client(subjectDn: string, options?: CertificateOptions): Promise<Certificate>;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

/** Creates an authority with a unique name. */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const { publicKey, privateKey: signingKey } = await newKeys();
  const issuer = `CN=Authority ${randomUUID()}`;
  const common = { issuer, signingKey, signingAlgorithm: ALGORITHM };
  const authority = await X509CertificateGenerator.create({
    ...common,
    subject: issuer,
    publicKey,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });

  async function issue(
    subject: string,
    usage: ExtendedKeyUsage,
    names: readonly string[],
    options?: CertificateOptions,
  ): Promise<Certificate> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.create({
      ...common,
      subject,
      publicKey: keys.publicKey,
      ...validity(options),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names.map(generalName))] : []),
      ],
    });
    const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
    return { cert: certificate.toString('pem'), key: String(key) };
  }

  return {
    cert: authority.toString('pem'),
    server: (names, options) => issue('CN=server', ExtendedKeyUsage.serverAuth, names, options),
    client: (subjectDn, options) =>
      // RFC 4514 writes the parts in reverse. https://www.rfc-editor.org/rfc/rfc4514#section-2.1
      issue(subjectDn.split(',').reverse().join(','), ExtendedKeyUsage.clientAuth, [], options),
  };
}

const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const generalName = (value: string) => ({
  type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const),
  value,
});

function validity({ expired = false }: CertificateOptions = {}) {
  const now = Date.now();
  return {
    notBefore: new Date(now - 2 * DAY_MS),
    notAfter: new Date(expired ? now - DAY_MS : now + DAY_MS),
  };
}
