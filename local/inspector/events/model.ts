/**
 * Model of the inspector: what its page receives. Events contain access tokens and phantom tokens, which the page
 * shows, but no secret and no key. They are kept in memory only.
 */

type Headers = readonly (readonly [name: string, value: string])[];

/** Call of the authorizer to another system, in the order in which they arrived there. */
export type AuthorizerCall =
  | {
      readonly to: 'secrets';
      readonly durationMs: number;
      readonly operation: string;
      readonly status: number;
    }
  | {
      readonly to: 'table';
      readonly durationMs: number;
      readonly operation: string;
      readonly outcome: TableOutcome;
      /** Expiry of the result in the item, in milliseconds since the epoch. */
      readonly expiresAtMs?: number | undefined;
      /** Size of the sealed result, in bytes. */
      readonly sealedBytes?: number | undefined;
    }
  /** Introspection at an authorization server that is not embedded, or did not respond. */
  | {
      readonly to: 'authorization-server';
      readonly durationMs?: number | undefined;
      readonly fault?: string | undefined;
    }
  | {
      readonly to: 'authorization-server';
      readonly durationMs: number;
      readonly request: {
        readonly path: string;
        readonly headers: Headers;
        readonly form: Headers;
      };
      readonly response: {
        readonly status: number;
        readonly headers: Headers;
        readonly body: string;
      };
    };

/** Outcome of an operation of the token cache. */
export type TableOutcome =
  | 'no-result'
  | 'result'
  | 'result-expired'
  | 'lease-acquired'
  | 'result-stored'
  | 'item-changed'
  | 'conflict'
  | 'failed';

/** Check of an access token with its verdict. `unreached` follows a check that failed. */
export interface Check {
  readonly name: string;
  readonly verdict: 'passed' | 'failed' | 'unreached' | 'off';
  readonly expected?: string | undefined;
  readonly received?: string | undefined;
}

/** Credential of the client, as the authorizer parses it. */
export interface Credential {
  readonly verdict: 'absent' | 'accepted' | 'malformed';
  readonly scheme?: string | undefined;
  readonly token?: string | undefined;
}

/** Request that an API served, with all that happened on the way. */
export interface RequestEvent {
  readonly kind: 'request';
  readonly id: string;
  /** Time of arrival, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly api: string;
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly route?: string | undefined;
  readonly status: number;
  /** Type of the error response of API Gateway itself. */
  readonly gatewayResponse?: string | undefined;
  readonly client: { readonly headers: Headers; readonly body: Body };
  readonly response: { readonly headers: Headers; readonly body: Body };
  readonly credential: Credential;
  readonly resultCache: {
    readonly verdict: 'unused' | 'miss' | 'hit';
    /** Lifetime of the result. */
    readonly lifetime?: Lifetime | undefined;
    /** Request whose result is replayed. */
    readonly replays?: string | undefined;
  };
  /** Lifetime of the introspection's result in memory cache and token cache, if it is known. */
  readonly resultLifetime?: Lifetime | undefined;
  /** Absent if the authorizer was not invoked. */
  readonly authorizer?: {
    readonly durationMs: number;
    readonly isColdStart: boolean;
    readonly memoryCache: 'unused' | 'miss' | 'hit';
    readonly calls: readonly AuthorizerCall[];
  };
  readonly decision: {
    readonly outcome: 'allow' | 'unauthorized' | 'forbidden' | 'fault' | 'none';
    /** Source of the decision; absent for a fault and without an authorizer. */
    readonly source?: string | undefined;
    readonly reason?: string | undefined;
    readonly fault?:
      | { code: string; message: string; advice?: string | undefined; cause?: string | undefined }
      | undefined;
    readonly warnings: readonly string[];
  };
  readonly checks: readonly Check[];
  /** Absent if the upstream was not called. */
  readonly upstream?: {
    readonly target: string;
    readonly headers: Headers;
    /** Name of the header with the phantom token; absent if no header has it. */
    readonly jwtHeader?: string | undefined;
    readonly durationMs: number;
    /** Status, or the reason why there is none. */
    readonly status: number | string;
  };
  /** Phantom token, if one is known. */
  readonly jwt?: string | undefined;
}

/** Lifetime of an entry of a cache, in milliseconds since the epoch. */
export interface Lifetime {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Body of a message, shortened. */
export interface Body {
  readonly text: string;
  readonly bytes: number;
}

/** Effect of an action that the developer chose. */
export interface ActionEvent {
  readonly kind: 'action';
  readonly id: string;
  readonly atMs: number;
  readonly action: string;
  readonly effect: string;
}

/** State of the parties and caches. */
export interface StateEvent {
  readonly kind: 'state';
  readonly apis: readonly {
    readonly name: string;
    readonly url: string;
    readonly routes: readonly string[];
  }[];
  /** Actions that are possible here. */
  readonly actions: readonly string[];
  /** Applications that can request tokens; empty without the embedded authorization server. */
  readonly applications: readonly { readonly name: string; readonly scopes: readonly string[] }[];
  /** Application whose tokens lack the scope of the sample API. */
  readonly applicationWithoutScope?: string | undefined;
  readonly authorizationServer?: { readonly issuer: string; readonly running: boolean } | undefined;
  readonly table: { readonly working: boolean; readonly items: number };
  readonly resultCache: { readonly results: number };
  readonly memoryCache: { readonly environments: number };
}

/** Event that stays in the list of the page. */
export type ListedEvent = RequestEvent | ActionEvent;
