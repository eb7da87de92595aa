import type { ContextVariables } from './context-variables';
import type { HttpRequest } from './message';

/** One request and the values that mappings, identity sources and events can refer to. */
export interface InvocationContext {
  readonly request: HttpRequest;
  /** Path as events have it. It differs by the kind of API and by the endpoint. */
  readonly eventPath: string;
  /** Values of the path variables: percent-encoded as sent on REST APIs, decoded on HTTP APIs. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly contextVariables: ContextVariables;
}
