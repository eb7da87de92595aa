import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from './certificate-authority';

/** Names of the client certificates, each with a key of its own. */
const CLIENTS = ['client', 'other-client'] as const;

/** Certificates of a new authority, for one run of local mode. */
export interface DevelopmentCertificates {
  /** Directory with `ca.pem`, and `NAME.pem` and `NAME-key.pem` of each client. */
  readonly directory: string;
  /** Certificate of the authority, as PEM. */
  readonly authority: string;
  readonly server: Certificate;
  /** Deletes the files. */
  remove(): Promise<void>;
}

/**
 * Creates an authority, a server certificate for local mode and client certificates, which expire in a day.
 *
 * @param domainNames names that the server certificate is for, in addition to those of loopback
 */
export async function createDevelopmentCertificates(
  domainNames: readonly string[],
): Promise<DevelopmentCertificates> {
  // Loaded here: only APIs with mutual TLS need the library.
  const { createCertificateAuthority } =
    require('./certificate-authority') as typeof import('./certificate-authority');
  const authority = await createCertificateAuthority();
  const server = await authority.server(['127.0.0.1', 'localhost', ...domainNames]);
  const directory = await mkdtemp(join(tmpdir(), 'phantom-token-certificates-'));
  const write = (name: string, text: string) =>
    writeFile(join(directory, name), text, { mode: 0o600 });
  await write('ca.pem', authority.cert);
  for (const name of CLIENTS) {
    const { cert, key } = await authority.client(`CN=${name}`);
    await write(`${name}.pem`, cert);
    await write(`${name}-key.pem`, key);
  }
  return {
    ...{ directory, authority: authority.cert, server },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
