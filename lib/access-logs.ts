import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination as HttpLogGroupDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** What the access log says of each request. Nothing of the authorizer context but who called. */
const FIELDS = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  status: '$context.status',
  subject: '$context.authorizer.sub',
  clientId: '$context.authorizer.client_id',
  authorizerStatus: '$context.authorizer.status',
  authorizerLatency: '$context.authorizer.latency',
  authorizerError: '$context.authorizer.error',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  responseLatency: '$context.responseLatency',
};

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html */
const REST_FIELDS = {
  ...FIELDS,
  resource: '$context.resourcePath',
  errorType: '$context.error.responseType',
};

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html */
const HTTP_FIELDS = {
  ...FIELDS,
  resource: '$context.routeKey',
  errorMessage: '$context.error.message',
};

/** Access logs of a REST API's stage, one JSON line a request. */
export function restAccessLogs(scope: Construct, id: string, retention: RetentionDays) {
  return {
    accessLogDestination: new LogGroupLogDestination(logGroup(scope, id, retention)),
    accessLogFormat: AccessLogFormat.custom(JSON.stringify(REST_FIELDS)),
  };
}

/** Access logs of an HTTP API's stage, one JSON line a request. */
export function httpAccessLogs(scope: Construct, id: string, retention: RetentionDays) {
  return {
    destination: new HttpLogGroupDestination(logGroup(scope, id, retention)),
    format: AccessLogFormat.custom(JSON.stringify(HTTP_FIELDS)),
  };
}

function logGroup(scope: Construct, id: string, retention: RetentionDays): LogGroup {
  return new LogGroup(scope, id, { retention, removalPolicy: RemovalPolicy.DESTROY });
}
