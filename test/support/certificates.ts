// @peculiar/x509 does not start without it.
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

/** A certificate and its private key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

interface CertificateOptions {
  /** Whether its time is over since yesterday. Default: it has a day left. */
  readonly expired?: boolean;
}

/** Issues certificates, each for a key of its own. Nobody trusts it who is not told to. */
export interface CertificateAuthority {
  /** Its own certificate, as PEM: what to trust. */
  readonly cert: string;
  /** A server's certificate for these host names and IPv4 addresses, and for no others. */
  server(names: readonly string[], options?: CertificateOptions): Promise<Certificate>;
  /** A client's certificate; the subject as in RFC 4514, for example `CN=gateway,O=Example`. */
  client(subjectDn: string, options?: CertificateOptions): Promise<Certificate>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

/** A new authority: its name differs from that of every other, so it is an unknown one to them. */
export async function createCertificateAuthority(): Promise<CertificateAuthority> {
  const { publicKey, privateKey: signingKey } = await newKeys();
  const issuer = `CN=Authority ${randomUUID()}`;
  const common = { issuer, signingKey, signingAlgorithm: algorithm };
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

const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

const generalName = (value: string) => ({
  type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const),
  value,
});

function validity({ expired = false }: CertificateOptions = {}) {
  const now = Date.now();
  return {
    notBefore: new Date(now - 2 * dayMs),
    notAfter: new Date(expired ? now - dayMs : now + dayMs),
  };
}
