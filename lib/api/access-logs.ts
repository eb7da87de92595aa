import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination as HttpLogGroupDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

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
 * left out, because their escaping is undocumented.
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
  authorizerStatus: '$context.authorizer.status',
  authorizerLatency: '$context.authorizer.latency',
  authorizerError: '$context.authorizer.error',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  responseLatency: '$context.responseLatency',
};

/** Fields for REST APIs. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
const REST_FIELDS = {
  ...FIELDS,
  resource: '$context.resourcePath',
  errorType: '$context.error.responseType',
};

/** Fields for HTTP APIs. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const HTTP_FIELDS = {
  ...FIELDS,
  resource: '$context.routeKey',
  errorMessage: '$context.error.message',
};

interface AccessLogOptions {
  readonly retention: RetentionDays;
  /** True if lines contain the caller's `sub` and `client_id`. */
  readonly logIdentities: boolean;
}

/** Returns the access log settings of a REST API's stage: one JSON line for each request. */
export function restAccessLogs(scope: Construct, id: string, options: AccessLogOptions) {
  return {
    accessLogDestination: new LogGroupLogDestination(logGroup(scope, id, options.retention)),
    accessLogFormat: AccessLogFormat.custom(format(REST_FIELDS, options)),
  };
}

/** Returns the access log settings of an HTTP API's stage: one JSON line for each request. */
export function httpAccessLogs(scope: Construct, id: string, options: AccessLogOptions) {
  return {
    destination: new HttpLogGroupDestination(logGroup(scope, id, options.retention)),
    format: AccessLogFormat.custom(format(HTTP_FIELDS, options)),
  };
}

function format(fields: object, { logIdentities }: AccessLogOptions): string {
  return JSON.stringify({ ...fields, ...(logIdentities && IDENTITIES) });
}

function logGroup(scope: Construct, id: string, retention: RetentionDays): LogGroup {
  return new LogGroup(scope, id, { retention, removalPolicy: RemovalPolicy.DESTROY });
}
