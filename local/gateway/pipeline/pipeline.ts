import type { ResponseType as HttpApiResponseType } from '../definition/http/response-types';
import type { ResponseType as RestApiResponseType } from '../definition/rest/response-types';
import type { ContextVariables } from '../request/context-variables';
import type { HttpRequest, HttpResponse, StreamedResponse } from '../request/message';
import type { Invocation } from './invocation';
import type { AuthorizerCall, AuthorizerOutcome } from './invoke-authorizer';

/** Response to a request, and how it came about. */
export interface PipelineResult {
  readonly request: HttpRequest;
  readonly response: HttpResponse | StreamedResponse;
  /** Final values of `$context`, for the access log. */
  readonly contextVariables: ContextVariables;
  /** Matched resource or route, for example `/orders/{id}` or `GET /orders/{id}`. */
  readonly resource?: string;
  readonly authorizer: AuthorizerOutcome;
  /** Absent if no authorizer was called. */
  readonly authorizerCall?: AuthorizerCall;
  /** Type of the error response of API Gateway itself; absent for responses of integrations and limits. */
  readonly gatewayResponse?: RestApiResponseType | HttpApiResponseType;
  /** Cause to log, where the client did not cause the failure. */
  readonly fault?: string;
}

/** End of the path of a request: the remaining steps are skipped. */
export class Ended {
  constructor(readonly result: PipelineResult) {}
}

/** One step of the path of a request. It returns the input of the next step, or the end. */
export type Step<Input, Output> = (input: Input) => Output | Ended | Promise<Output | Ended>;

/** Steps in the order in which they run. */
export interface Pipeline<Input, Output> {
  /** Appends a step. */
  step<Next>(next: Step<Output, Next>): Pipeline<Input, Next>;
  run(input: Input): Promise<Output | Ended>;
}

/** Creates a pipeline of one step. */
export function startWith<Input, Output>(first: Step<Input, Output>): Pipeline<Input, Output> {
  return {
    step: <Next>(next: Step<Output, Next>) =>
      startWith(async (input: Input): Promise<Next | Ended> => {
        const output = await first(input);
        return output instanceof Ended ? output : next(output);
      }),
    run: async (input) => first(input),
  };
}

/** Runs a pipeline whose last step returns the response of the integration. */
export async function runPipeline<Input>(
  pipeline: Pipeline<Input, Invocation & Pick<PipelineResult, 'response'>>,
  input: Input,
): Promise<PipelineResult> {
  const output = await pipeline.run(input);
  return output instanceof Ended ? output.result : resultOf(output, output.response);
}

/** Ends the path of a request with a response. */
export function endWith(
  invocation: Invocation,
  response: HttpResponse,
  failure: Pick<PipelineResult, 'gatewayResponse' | 'fault'> = {},
): Ended {
  return new Ended({ ...resultOf(invocation, response), ...failure });
}

function resultOf(
  { request, contextVariables, resource, authorizerOutcome, authorizerCall }: Invocation,
  response: PipelineResult['response'],
): PipelineResult {
  return {
    request,
    response,
    contextVariables,
    ...(resource !== undefined && { resource }),
    authorizer: authorizerOutcome,
    ...(authorizerCall && { authorizerCall }),
  };
}
