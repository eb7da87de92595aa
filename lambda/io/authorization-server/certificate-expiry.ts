import { X509Certificate } from 'node:crypto';
import type { ClientCredentials } from '../../core/client-credentials';
import { certificatesOf } from '../../core/pem';
import type { Telemetry } from '../telemetry/telemetry';

const SECONDS_PER_DAY = 86_400;

/** Time between two reports of an execution environment, in seconds. */
export const REPORT_INTERVAL_SECONDS = 3600;

interface Options {
  readonly telemetry: Pick<Telemetry, 'recordExpiry' | 'recordSecretAge'>;
  /** PEM of the authorities that are trusted. */
  readonly caBundle: string | undefined;
  /** Epoch seconds. */
  readonly now: () => number;
}

/**
 * Creates the function that reports the age of the secret and the time until certificates expire, once an
 * hour. It takes the credentials of each read of the secret, and the time in epoch seconds at which that
 * version of the secret was created.
 */
export function createAgeReports({ telemetry, caBundle, now }: Options) {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return function report(credentials: ClientCredentials, createdAt: number | undefined): void {
    if (now() < reportedAt + REPORT_INTERVAL_SECONDS) return;
    reportedAt = now();
    if (createdAt !== undefined) telemetry.recordSecretAge(inDays(now() - createdAt));
    const { certificate } = { certificate: undefined, ...credentials };
    const materials = { client_certificate: certificate, ca_bundle: caBundle } as const;
    for (const [material, pem] of Object.entries(materials)) {
      const expiresAt = earliestExpiry(pem ?? '');
      if (expiresAt === undefined) continue;
      telemetry.recordExpiry(material as keyof typeof materials, inDays(expiresAt - now()));
    }
  };
}

/** Returns when the first of the certificates expires, in epoch seconds; `undefined` if there is none. */
export function earliestExpiry(pem: string): number | undefined {
  const times = certificatesOf(pem).flatMap((certificate) => {
    try {
      return [Date.parse(new X509Certificate(certificate).validTo) / 1000];
    } catch {
      // Reported where the certificate is used.
      return [];
    }
  });
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Returns seconds as days, rounded to two decimals. */
export function inDays(seconds: number): number {
  return Math.round((seconds / SECONDS_PER_DAY) * 100) / 100;
}
