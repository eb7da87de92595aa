/** The little of dynalite that local mode uses; the package ships no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    /** Milliseconds a new table stays in the state CREATING. Default: 500. */
    readonly createTableMs?: number;
  }

  /** A DynamoDB that lives in memory, as a server that does not listen yet. */
  function dynalite(options?: Options): Server;
  export = dynalite;
}
