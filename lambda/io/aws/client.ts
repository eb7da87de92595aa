import { setTimeout as sleep } from 'node:timers/promises';
import { type JsonObject, parseJsonObject } from '../../core/json';
import { createHttpClient } from '../http/client';
import { withDeadline } from '../http/deadline';
import { createAwsCredentials } from './credentials';
import { type AwsService, awsEndpoint, awsRegion, type Environment } from './endpoint';
import { clockSkew, errorFrom, isTransient } from './errors';
import { createSigner } from './signature';

/** One service's API. It throws AwsError for an error response, Error if there was no response. */
export type AwsClient = (operation: string, input: object) => Promise<JsonObject>;

interface AwsClientOptions {
  readonly service: AwsService;
  /** Prefix of the operations' names: `DynamoDB_20120810`. */
  readonly targetPrefix: string;
  /** The version of the JSON protocol. */
  readonly jsonVersion: '1.0' | '1.1';
  /** Timeout of each of at most two attempts, in milliseconds. */
  readonly timeoutMs: number;
  readonly environment: Environment;
}

/** Pause before the second attempt, in milliseconds; jittered, so that environments do not retry as one. */
const PAUSE_MS = 10;

/**
 * Creates a client of an AWS API that speaks JSON, for calls that may be repeated. It does what the SDK's
 * clients would do for those, at a fraction of their processor time and of their share of a cold start.
 *
 * Checksums of responses (`x-amz-crc32`) are not verified: TLS protects them on the way, and entries of the
 * token cache are authenticated as a whole.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function createAwsClient(options: AwsClientOptions): AwsClient {
  const { service, targetPrefix, jsonVersion, timeoutMs, environment } = options;
  // Half of it for each address that does not respond.
  const send = createHttpClient({ connectTimeoutMs: timeoutMs });
  const endpoint = awsEndpoint(service, environment);
  const sign = createSigner({ region: awsRegion(environment), service: service.name });
  const credentials = createAwsCredentials(environment);
  /** Offset of AWS's clock from ours, in milliseconds. */
  let clockOffset = 0;

  async function attempt(operation: string, body: string, time: Date): Promise<JsonObject> {
    const unsigned = {
      host: endpoint.host,
      'content-type': `application/x-amz-json-${jsonVersion}`,
      'x-amz-target': `${targetPrefix}.${operation}`,
    };
    const headers = sign(
      { method: 'POST', path: endpoint.pathname, headers: unsigned, body },
      await credentials(),
      time,
    );
    const response = await withDeadline(timeoutMs, ({ signal }) =>
      send(endpoint, { method: 'POST', headers, body, signal }),
    );
    const answer = parseJsonObject(response.body.toString('utf8'));
    if (response.status === 200 && answer !== undefined) return answer;
    throw errorFrom(response, answer);
  }

  /** Corrects the clock offset if an error shows that the request's time was wrong. Returns whether it did. */
  function corrected(error: unknown, signedFor: Date): boolean {
    const skew = clockSkew(error, signedFor.getTime(), Date.now());
    if (skew === undefined) return false;
    clockOffset = skew;
    return true;
  }

  const awsTime = () => new Date(Date.now() + clockOffset);

  return async function call(operation, input) {
    const body = JSON.stringify(input);
    const time = awsTime();
    try {
      return await attempt(operation, body, time);
    } catch (error) {
      if (!corrected(error, time)) {
        if (!isTransient(error)) throw error;
        await sleep(PAUSE_MS * (1 + Math.random()));
      }
      return attempt(operation, body, awsTime());
    }
  };
}
