/** The little of oidc-provider that local mode uses; the package ships no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener } from 'node:http';

  interface Context {
    readonly method: string;
    readonly path: string;
    readonly req: IncomingMessage;
    readonly oidc?: { readonly route?: string; readonly body?: Readonly<Record<string, unknown>> };
    status: number;
    type: string;
    body: unknown;
    /** The value of a request header, or an empty string. */
    get(header: string): string;
    /** Sets, or removes, a response header. */
    set(header: string, value: string): void;
    remove(header: string): void;
  }

  /** An authorization server, as a Koa application. */
  class Provider {
    constructor(issuer: string, configuration: object);
    /** Adds a middleware in front of the endpoints. */
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void;
    on(event: 'server_error', listener: (context: Context, error: Error) => void): void;
    callback(): RequestListener;
    /** The absolute URL of an endpoint, from the route's name. */
    pathFor(route: string): string;
  }

  namespace errors {
    class InvalidTarget extends Error {}
  }
}
