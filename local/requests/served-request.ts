import { LRUCache } from 'lru-cache';
import type { RequestRecord } from '../gateway/server';
import { type AuthorizerLog, EMPTY_LOG, mergeLogs, readAuthorizerLogLine } from './authorizer-log';

/** Source of the decision on a request: a cache, the introspection, or the request itself. */
export type DecisionSource = 'result_cache' | NonNullable<AuthorizerLog['source']>;

/** Request that an API served, with what the authorizer logged about it. */
export interface ServedRequest extends RequestRecord {
  readonly log: AuthorizerLog;
  /** Absent if no authorizer decided, or if it is not a function of this project. */
  readonly source?: DecisionSource | undefined;
}

/** Joins the records of the gateway with the log of the authorizer. */
export interface RequestJournal {
  /** Reads a line that a function printed. */
  readLine(functionArn: string, line: string): void;
  /** Returns a request with the lines about it, all of which have been read. */
  join(record: RequestRecord): ServedRequest;
}

/** Maximum number of requests whose lines wait for their record, which a lost connection can prevent. */
const MAX_WAITING = 1000;

export function createRequestJournal(): RequestJournal {
  const logs = new LRUCache<string, AuthorizerLog>({ max: MAX_WAITING });
  /** Names of the functions that have logged as an authorizer of this project does. */
  const authorizers = new Set<string>();

  function sourceOf(
    { authorizer, authorizerCall }: RequestRecord,
    { source, fault }: AuthorizerLog,
  ): DecisionSource | undefined {
    if (authorizer === 'cached') return 'result_cache';
    if (authorizerCall === undefined || fault !== undefined) return undefined;
    if (source !== undefined) return source;
    // An authorizer does not log requests that it allows by its memory cache, only the one before them.
    const { functionArn, status } = authorizerCall;
    return status === 200 && authorizers.has(functionName(functionArn)) ? 'memory' : undefined;
  }

  return {
    readLine(functionArn, line) {
      const read = readAuthorizerLogLine(line);
      if (read === undefined) return;
      authorizers.add(functionName(functionArn));
      const { apiRequestId, log } = read;
      logs.set(apiRequestId, mergeLogs(logs.get(apiRequestId) ?? EMPTY_LOG, log));
    },
    join(record) {
      const log = logs.get(record.requestId) ?? EMPTY_LOG;
      logs.delete(record.requestId);
      return { ...record, log, source: sourceOf(record, log) };
    },
  };
}

/** Returns the name in the ARN of a function, a version or an alias. */
function functionName(arn: string): string {
  return arn.split(':')[6] ?? '';
}
