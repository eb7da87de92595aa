/** Options of an authorizer, for either kind of API. */
export interface AuthorizerOptions {
  /** The id of the construct. */
  readonly id: string;
  /** The name, which differs from that of a former authorizer that this one takes the place of. */
  readonly name: string;
  /** Returns whether the route is among the identity sources; called at synthesis. */
  readonly isKeyedByRoute: () => boolean;
  /** Lifetime of its results in the result cache, in seconds; a token that is resolved at synthesis. */
  readonly resultTtlSeconds: number;
}
