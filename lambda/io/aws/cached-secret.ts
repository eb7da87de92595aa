import { Fault, type FaultCode } from '../../core/errors';
import { createSingleFlight } from '../../core/single-flight';
import type { AwsClient } from './client';

/** Value of a secret, as one execution environment keeps it. */
export interface CachedSecret<Value> {
  /** Returns the value, from memory unless it has exceeded the maximum age. */
  get(): Promise<Value>;
  /** Reads the secret again, unless that has just been done. */
  reread(): Promise<Value>;
}

/** Maximum age of a cached secret, in seconds: a rotation is noticed no later. */
export const SECRET_MAX_AGE_SECONDS = 300;

/** Minimum time between two rereads of a secret, in seconds. */
export const REREAD_INTERVAL_SECONDS = 5;

interface Options<Value> {
  readonly secretsManager: AwsClient;
  readonly secretArn: string;
  /** Parses the text of the secret. Its faults are thrown. */
  readonly parse: (text: string) => Value;
  /** Fault of a secret that cannot be read. */
  readonly unavailable: FaultCode;
  /** Seconds of a clock that never steps back. */
  readonly now: () => number;
}

/**
 * Keeps a secret of one execution environment. While Secrets Manager cannot be reached, a value that was read
 * before goes on serving.
 */
export function createCachedSecret<Value>(options: Options<Value>): CachedSecret<Value> {
  const { parse, unavailable, now } = options;
  let known: { value: Value; readAt: number } | undefined;
  const reads = createSingleFlight<Value>();

  async function read(): Promise<Value> {
    try {
      known = { value: parse(await readSecret(options)), readAt: now() };
    } catch (error) {
      const isUnavailable = error instanceof Fault && error.code === unavailable;
      if (known === undefined || !isUnavailable) throw error;
      known = { ...known, readAt: now() };
    }
    return known.value;
  }

  async function youngerThan(seconds: number): Promise<Value> {
    return known && now() - known.readAt < seconds ? known.value : reads.run(read);
  }

  return {
    get: () => youngerThan(SECRET_MAX_AGE_SECONDS),
    reread: () => youngerThan(REREAD_INTERVAL_SECONDS),
  };
}

async function readSecret<Value>(options: Options<Value>): Promise<string> {
  const { secretsManager, secretArn, unavailable } = options;
  try {
    const { SecretString } = await secretsManager('GetSecretValue', { SecretId: secretArn });
    return typeof SecretString === 'string' ? SecretString : '';
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'unknown error';
    throw new Fault(unavailable, `the secret could not be read (${name})`, { cause });
  }
}
