/** Part of oidc-provider that local mode uses. The package has no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener } from 'node:http';

  interface Context {
    readonly method: string;
    readonly path: string;
    readonly req: IncomingMessage;
    readonly oidc?: { readonly route?: string; readonly body?: Readonly<Record<string, unknown>> };
    readonly response: { readonly headers: Readonly<Record<string, unknown>> };
    status: number;
    type: string;
    body: unknown;
    /** Returns the value of a request header, or an empty string. */
    get(header: string): string;
    /** Sets a response header. */
    set(header: string, value: string): void;
    /** Removes a response header. */
    remove(header: string): void;
  }

  /** Authorization server, as a Koa application. */
  class Provider {
    constructor(issuer: string, configuration: object);
    /** Registered clients. The same instance is found each time. */
    readonly Client: { find(clientId: string): Promise<{ clientSecret: string }> };
    /** Adds a middleware in front of the endpoints. */
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void;
    on(event: 'server_error', listener: (context: Context, error: Error) => void): void;
    callback(): RequestListener;
    /** Returns the path of an endpoint by its route. */
    pathFor(route: string): string;
  }

  namespace errors {
    class InvalidTarget extends Error {}
  }
}
