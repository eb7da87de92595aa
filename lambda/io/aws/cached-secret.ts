import { Fault, type FaultCode } from '../../core/errors';
import { secretText } from '../../core/secret-text';
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

/** The secret, its parser, and reports about its reads. */
export interface CachedSecretOptions<Value> {
  readonly secretsManager: AwsClient;
  readonly secretArn: string;
  /** Parses the text of the secret. Its faults are thrown. */
  readonly parse: (text: string) => Value;
  /** Fault of a secret that cannot be read. */
  readonly unavailable: FaultCode;
  /** Takes the value of each read, and the time in epoch seconds at which that version was created. */
  readonly onRead?: (value: Value, createdAt: number | undefined) => void;
  /** Takes the error of a read after which the value of an earlier one remains in use. */
  readonly onReadFailure?: (error: unknown) => void;
  /** Seconds of a clock that never steps back. */
  readonly now: () => number;
}

/**
 * Keeps a secret of one execution environment. While Secrets Manager cannot be reached, a value that was read
 * before goes on serving.
 */
export function createCachedSecret<Value>(
  options: CachedSecretOptions<Value>,
): CachedSecret<Value> {
  const { parse, unavailable, now } = options;
  let known: { value: Value; readAt: number } | undefined;
  const reads = createSingleFlight<Value>();

  async function read(): Promise<Value> {
    try {
      const { text, createdAt } = await readSecret(options);
      const value = parse(text);
      known = { value, readAt: now() };
      options.onRead?.(value, createdAt);
    } catch (error) {
      const isUnavailable = error instanceof Fault && error.code === unavailable;
      if (known === undefined || !isUnavailable) throw error;
      options.onReadFailure?.(error);
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

async function readSecret<Value>(options: CachedSecretOptions<Value>) {
  const { secretsManager, secretArn, unavailable } = options;
  try {
    const response = await secretsManager('GetSecretValue', { SecretId: secretArn });
    const { CreatedDate: createdAt } = response;
    return {
      text: secretText(response),
      createdAt: typeof createdAt === 'number' ? createdAt : undefined,
    };
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : 'unknown error';
    throw new Fault(unavailable, `the secret could not be read (${name})`, { cause });
  }
}
