/** Part of dynalite that local mode uses. The package has no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    /** Time in milliseconds for which a new table is CREATING. Default: 500. */
    readonly createTableMs?: number;
  }

  /** Returns an in-memory DynamoDB, as a server that does not listen yet. */
  function dynalite(options?: Options): Server;
  export = dynalite;
}
