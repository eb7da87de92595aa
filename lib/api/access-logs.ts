import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination as HttpLogGroupDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ILogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ContextKey } from '../../lambda/contract';

/**
 * Identities of the caller in the authorizer context. API Gateway substitutes them into the format, so the
 * authorizer percent-encodes these values.
 */
const IDENTITIES = {
  subject: '$context.authorizer.sub',
  clientId: '$context.authorizer.client_id',
};

/**
 * Fields of each request. They hold values of API Gateway, of the deployment, or of a restricted format:
 * the client can choose `requestId` (a UUID) and the method. Header values, paths and query strings are
 * left out, because their escaping is undocumented. The authorizer validates `traceparent`, which has a value only
 * if its result is not cached.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-access-logging.html
 */
const FIELDS = {
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  status: '$context.status',
  authorizerError: '$context.authorizer.error',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  integrationRequestId: '$context.integration.requestId',
  awsEndpointRequestId: '$context.awsEndpointRequestId',
  responseLatency: '$context.responseLatency',
  traceparent: `$context.authorizer.${ContextKey.traceparent}`,
};

/** Fields for REST APIs. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
const REST_FIELDS = {
  ...FIELDS,
  resource: '$context.resourcePath',
  errorType: '$context.error.responseType',
  authorizerStatus: '$context.authorizer.status',
  authorizerLatency: '$context.authorizer.latency',
  authorizerRequestId: '$context.authorizer.requestId',
  xrayTraceId: '$context.xrayTraceId',
};

/**
 * Fields for HTTP APIs, which have neither traces nor status and latency of the authorizer.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const HTTP_FIELDS = {
  ...FIELDS,
  resource: '$context.routeKey',
  errorMessage: '$context.error.message',
};

interface AccessLogOptions {
  readonly logGroup: ILogGroup;
  /** True if lines contain the caller's `sub` and `client_id`. */
  readonly logIdentities: boolean;
}

/** Returns the access log settings of a REST API's stage: one JSON line for each request. */
export function restAccessLogs(options: AccessLogOptions) {
  return {
    accessLogDestination: new LogGroupLogDestination(options.logGroup),
    accessLogFormat: AccessLogFormat.custom(format(REST_FIELDS, options)),
  };
}

/** Returns the access log settings of an HTTP API's stage: one JSON line for each request. */
export function httpAccessLogs(options: AccessLogOptions) {
  return {
    destination: new HttpLogGroupDestination(options.logGroup),
    format: AccessLogFormat.custom(format(HTTP_FIELDS, options)),
  };
}

function format(fields: object, { logIdentities }: AccessLogOptions): string {
  return JSON.stringify({ ...fields, ...(logIdentities && IDENTITIES) });
}

/** Adds the log group of an access log. */
export function accessLogGroup(
  scope: Construct,
  id: string,
  options: { readonly retention: RetentionDays; readonly encryptionKey: IKey | undefined },
): LogGroup {
  return new LogGroup(scope, id, { ...options, removalPolicy: RemovalPolicy.DESTROY });
}
