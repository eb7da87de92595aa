import type { HttpResponse } from '../../core/introspection-response';
import type { JsonObject } from '../../core/json';
import { printable, printableEnds } from '../../core/printable';
import { isRetryableError } from '../../core/retry';

/** Error response of an AWS API. Its `name` is the error's, as in the API's reference. */
export class AwsError extends Error {
  override readonly name: string;

  constructor(
    name: string,
    message: string,
    readonly status: number,
    /** Time of the response by the service's clock, in epoch milliseconds; NaN if it is absent. */
    readonly respondedAt: number,
    /** The item that failed the condition of a DynamoDB write, if the service returned it. */
    readonly item: JsonObject | undefined,
  ) {
    super(message);
    this.name = name;
  }
}

/** @param body the response's body, if it is a JSON object. */
export function errorFrom({ status, headers }: HttpResponse, body: JsonObject = {}): AwsError {
  const { __type: type, message, Message, Item: item } = body;
  // `com.amazonaws.dynamodb.v20120810#ThrottlingException`, with or without what stands around the name.
  // https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#operation-error-serialization
  // Proxies and some services name the error in a header instead.
  const named = typeof type === 'string' ? type : String(headers['x-amzn-errortype'] ?? '');
  const name = named.replace(/^.*#|:.*$/g, '');
  const text = [message, Message].find((it) => typeof it === 'string') ?? `status ${status}`;
  const respondedAt = Date.parse(String(headers['date']));
  return new AwsError(
    printable(name || 'UnknownError'),
    firstLine(String(text)),
    status,
    respondedAt,
    typeof item === 'object' && item !== null ? (item as JsonObject) : undefined,
  );
}

/**
 * Some services go on, about a signature, with the request as they read it, session token included; see
 * https://github.com/aws/aws-sdk-cpp/issues/17
 */
function firstLine(message: string): string {
  return printableEnds(message.split('\n', 1)[0] ?? '', MAX_MESSAGE_LENGTH);
}

/** Maximum length of a logged message, in characters. */
const MAX_MESSAGE_LENGTH = 300;

/**
 * Names of errors after which the AWS SDK retries: throttling, and failures that pass.
 *
 * @see https://github.com/smithy-lang/smithy-typescript/blob/main/packages/service-error-classification/src/constants.ts
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const TRANSIENT_NAMES = new Set([
  ...['BandwidthLimitExceeded', 'EC2ThrottledException', 'LimitExceededException'],
  ...['PriorRequestNotComplete', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded'],
  ...['RequestThrottled', 'RequestThrottledException', 'SlowDown', 'ThrottledException'],
  ...['Throttling', 'ThrottlingException', 'TooManyRequestsException'],
  ...['TransactionInProgressException', 'InternalServerError', 'InternalServiceError'],
  ...['RequestTimeout', 'RequestTimeoutException', 'TimeoutError'],
]);
const TRANSIENT_STATUSES = new Set([429, 500, 502, 503, 504]);

/** Returns whether a retry can succeed. */
export function isTransient(error: unknown): boolean {
  if (error instanceof AwsError) {
    return TRANSIENT_NAMES.has(error.name) || TRANSIENT_STATUSES.has(error.status);
  }
  return isRetryableError(error);
}

/** AWS takes no request whose time is further than this from its own, in milliseconds. */
const CLOCK_TOLERANCE_MS = 300_000;
/** Margin for latency and for times in whole seconds, in milliseconds. */
const CLOCK_MARGIN_MS = 60_000;

const CLOCK_ERRORS = new Set([
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
]);

/**
 * Returns how far AWS's clock is ahead of ours, in milliseconds, if the time of a request caused the error;
 * else `undefined`. The environment may have been frozen after the request was signed: our clock can be
 * right although that time was not.
 *
 * @param signedFor the time that the request was signed for, epoch milliseconds.
 * @param now our clock when the response arrived, epoch milliseconds.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function clockSkew(error: unknown, signedFor: number, now: number): number | undefined {
  if (!(error instanceof AwsError) || !CLOCK_ERRORS.has(error.name)) return undefined;
  const isTimeWrong =
    Math.abs(error.respondedAt - signedFor) > CLOCK_TOLERANCE_MS - CLOCK_MARGIN_MS;
  return isTimeWrong ? error.respondedAt - now : undefined;
}
