import type { PipelineResult } from './pipeline/pipeline';
import { substituteContextVariables } from './request/context-variables';
import type { SentResponse } from './send-response';

/**
 * Returns the access log line of a request.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
 */
export function accessLogLine(
  format: string,
  { contextVariables, response, authorizerCall }: PipelineResult,
  { bytes, streamMs }: SentResponse,
  durationMs: number,
): string {
  const variables = {
    ...contextVariables,
    ...(streamMs > 0 && streamVariables(contextVariables, streamMs)),
    ...(authorizerCall && {
      authorizer: {
        ...(contextVariables['authorizer'] as object),
        latency: authorizerCall.latency,
        status: authorizerCall.status,
      },
    }),
    status: response.status,
    responseLatency: Math.round(durationMs),
    responseLength: bytes,
  };
  return substituteContextVariables(format, variables, '-');
}

/**
 * Returns the latencies of a streamed integration, which last until its last byte.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-streaming-troubleshoot.html
 */
function streamVariables(
  { integration }: PipelineResult['contextVariables'],
  streamMs: number,
): Readonly<Record<string, unknown>> {
  const { latency: timeToAllHeaders } = integration as { readonly latency: number };
  const latency = timeToAllHeaders + Math.round(streamMs);
  return {
    integrationLatency: latency,
    integration: { ...(integration as object), latency, timeToAllHeaders },
  };
}
