import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { UsageError } from '../../terminal/user-error';
import type { MutualTlsOptions } from '../stack/mutual-tls';

/** Options that name PEM files, as they are written. */
export interface CertificateOptions {
  readonly clientCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/**
 * Reads the files of `--client-ca`, `--tls-cert` and `--tls-key`.
 *
 * @throws UsageError naming an option whose file cannot be used, or which is missing.
 */
export function readCertificates(
  { clientCa, tlsCert, tlsKey }: CertificateOptions,
  directory: string,
): MutualTlsOptions {
  const read = (option: string, file: string) => readPem(option, resolve(directory, file));
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError('--tls-cert and --tls-key must be specified together');
  }
  const trustStore = clientCa === undefined ? undefined : read('--client-ca', clientCa);
  if (trustStore !== undefined && !isCertificate(trustStore)) {
    throw new UsageError(`--client-ca must name a file with PEM certificates, got: ${clientCa}`);
  }
  if (tlsCert === undefined || tlsKey === undefined) return trustStore ? { trustStore } : {};
  const server = { cert: read('--tls-cert', tlsCert), key: read('--tls-key', tlsKey) };
  if (!areOfOnePair(server)) {
    throw new UsageError(
      `--tls-cert and --tls-key must name a PEM certificate and its key, got: ${tlsCert} and ${tlsKey}`,
    );
  }
  return { ...(trustStore && { trustStore }), server };
}

function readPem(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${option} must name a file that can be read, got: ${file}`);
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

function areOfOnePair(server: { readonly cert: string; readonly key: string }): boolean {
  try {
    createSecureContext(server);
    return true;
  } catch {
    return false;
  }
}
