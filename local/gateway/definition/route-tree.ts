/** Node of an API's tree of paths. */
export interface RouteNode<Target> {
  /** One segment: static, `{variable}` or `{greedy+}`; empty for the root. */
  readonly pathPart: string;
  readonly children: readonly RouteNode<Target>[];
  /** Targets by HTTP method; `ANY` applies to the methods without an entry. */
  readonly methods: ReadonlyMap<string, Target>;
}
