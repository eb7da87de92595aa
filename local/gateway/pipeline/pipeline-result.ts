import type { ResponseType } from '../definition/rest/gateway-response';
import type { GatewayRequest, GatewayResponse } from '../request/message';
import type { AuthorizerOutcome } from './invoke-authorizer';
import type { RequestContext } from '../request/context-variables';
import type { ErrorType } from './http/error-response';
import type { LimitExceeded, RequestParser } from './receive-request';

/** Why the gateway answered by itself, in the names that REST APIs have for it. */
export type GatewayResponseType = ResponseType | ErrorType;

/** How a request was answered. */
export interface GatewayResult {
  readonly answer: GatewayResponse;
  /** `$context` at the end, with `authorizer`, `error`, `integration` and the like. */
  readonly context: RequestContext;
  /** The matched resource or route, for example `/orders/{id}` or `GET /orders/{id}`. */
  readonly resource?: string;
  readonly authorizer: AuthorizerOutcome;
  /** Absent when the integration answered, or when a limit was exceeded. */
  readonly gatewayResponse?: GatewayResponseType;
  /** Why a gateway response is not the client's fault. */
  readonly fault?: string;
}

/** An API of either kind, read from its template and ready to answer. */
export interface Api {
  readonly frontEnd: RequestParser;
  /** The response header that tells the client the request id. */
  readonly requestIdHeader: string;
  /** The access log's format; absent when the stage keeps none. */
  readonly accessLogFormat?: string;
  /** @param now milliseconds since the epoch */
  handle(
    request: GatewayRequest,
    refusal: LimitExceeded | undefined,
    now: number,
  ): Promise<GatewayResult>;
}
