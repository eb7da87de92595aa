import { LRUCache } from 'lru-cache';
import type { HeaderField } from '../gateway/request/message';
import type { ServedExchange } from '../stack/stack-observer';

/** Request as a client sent it. */
export interface SentRequest {
  /** Logical id of the API. */
  readonly api: string;
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: readonly HeaderField[];
  /** Absent if it was too large to keep. */
  readonly body?: Buffer;
}

/** Latest requests, in memory only. They contain tokens. */
export interface SentRequests {
  record(exchange: Pick<ServedExchange, 'api' | 'request' | 'record'>): void;
  /** Returns the request with a request id, if it is still kept. */
  find(id: string): SentRequest | undefined;
}

/** Number of requests that are kept, as many as the page lists. */
const MAX_REQUESTS = 200;

/** Maximum size of a body that is kept, in bytes. */
export const MAX_KEPT_BODY_BYTES = 64 * 1024;

export function createSentRequests(): SentRequests {
  const requests = new LRUCache<string, SentRequest>({ max: MAX_REQUESTS });
  return {
    record({ api, request, record }) {
      const { method, sentPath, query, headers, body } = request;
      requests.set(record.requestId, {
        api,
        method,
        target: query === '' ? sentPath : `${sentPath}?${query}`,
        headers,
        ...(body.length <= MAX_KEPT_BODY_BYTES && { body }),
      });
    },
    find: (id) => requests.get(id),
  };
}
