import type { Context } from 'aws-lambda';
import { readConfig } from '../../lambda/core/config';
import type { AuthorizerEvent } from '../../lambda/core/gateway-request';
import { createGatewayHandler } from '../../lambda/gateway-handler';
import { createApiServer } from '../../local/gateway/server';
import type { FunctionDefinition } from '../../local/lambda/function';
import { type FunctionHost, Functions } from '../../local/lambda/functions';
import { resolveTemplate } from '../../local/template/resolve';
import { inMemoryAuthorizer, silentTelemetry } from './in-memory-authorizer';
import { type Choose, StackUpdate, type UpdatableTemplate } from './stack-update';
import { statusClient } from './status-client';
import { synthesize } from './synthesize';

export type Kind = 'REST' | 'HTTP';

/** Scopes that an API requires. */
export interface Rules {
  /** Alternatives of scopes by path. All routes have the method GET. */
  readonly routes: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly apiScopes: readonly string[];
}

/** API whose stack can be updated. The local gateway serves it with its result cache on. */
export interface UpdatableApi {
  /** Compares responses for a new token, and for tokens of former calls, with the rules in force. */
  check(paths: readonly string[]): Promise<void>;
  /** Deploys other rules with a check after each step. Rolls back after `failsAfter` steps. */
  update(
    target: Rules,
    paths: readonly string[],
    choose: Choose,
    failsAfter?: number,
  ): Promise<void>;
  /** Returns the number of requests served by the result cache. */
  replayed(): number;
  close(): Promise<void>;
}

/** Granted scopes of tokens, in turn. */
const GRANTS: readonly (readonly string[])[] = [['a'], ['b'], ['a', 'b'], ['c'], ['a', 'c'], []];
const TOKENS = 3000;
/** Number of paths in each check, in turn. */
const CHECKED_PATHS = 3;
/** Number of former tokens that each check sends again to each path. */
const KNOWN_TOKENS = 2;

export async function serveUpdatable(
  kind: Kind,
  start: Rules,
  upstream: string,
): Promise<UpdatableApi> {
  const grants = Array.from({ length: TOKENS }, (_, index) => GRANTS[index % GRANTS.length] ?? []);
  const inForce = createInForce(kind);
  const templateOf = (rules: Rules): UpdatableTemplate => {
    const template = synthesizeRules(kind, rules, upstream);
    inForce.add(template, rules);
    return template;
  };
  let deployed = templateOf(start);
  const stack = new StackUpdate(deployed);
  const functions = new Functions((definition) => startFunction(definition, grants));
  const resolved = () => resolveTemplate(stack.template, { stackName: 'Updated' });
  let replayed = 0;
  functions.deploy(resolved(), () => '');
  const api = createApiServer({
    template: resolved(),
    now: () => 0,
    onRequest: ({ authorizer }) => {
      replayed += authorizer === 'cached' ? 1 : 0;
    },
    invoke: (arn, event) => functions.invoke(arn, event),
  });
  const client = statusClient(await api.listen(0));
  let sent = 0;

  async function check(paths: readonly string[]): Promise<void> {
    const fresh = sent;
    sent += 1;
    const rightStatuses = inForce.at(stack.template);
    const wrong: string[] = [];
    for (const [index, path] of paths.entries()) {
      if ((index + sent) % paths.length >= CHECKED_PATHS) continue;
      const rightFor = rightStatuses(path);
      // Choose tokens of all former steps in turn.
      const known = Array.from({ length: KNOWN_TOKENS }, (_, turn) =>
        Math.floor(((sent * 7 + index * 3 + turn * 5) * 0.618 * sent) % sent),
      );
      for (const token of [fresh, ...known]) {
        const headers = { authorization: `Bearer token-${token}` };
        const status = await client.status(path, { headers });
        const grant = grants[token] ?? [];
        const right = rightFor(grant);
        if (!right.includes(status)) wrong.push(`${path} [${grant}]: ${status}, not ${right}`);
      }
    }
    expect(wrong).toEqual([]);
  }

  /** Applies the current template and checks it, unless the step changed only a gateway response: its body. */
  async function complete(step: string, paths: readonly string[]): Promise<void> {
    if (stack.template.Resources[step]?.Type === 'AWS::ApiGateway::GatewayResponse') return;
    const template = resolved();
    functions.deploy(template, () => '');
    api.update(template);
    await check(paths);
  }

  return {
    check,
    async update(target, paths, choose, failsAfter = Number.POSITIVE_INFINITY) {
      const template = templateOf(target);
      let steps = 0;
      for (const step of stack.to(template, choose)) {
        await complete(step, paths);
        steps += 1;
        if (steps === failsAfter) break;
      }
      if (steps < failsAfter) {
        deployed = template;
        return;
      }
      for (const step of stack.backTo(deployed, choose)) await complete(step, paths);
    },
    replayed: () => replayed,
    async close() {
      client.close();
      await api.close();
      await functions.close();
    },
  };
}

function synthesizeRules(
  type: Kind,
  { routes, apiScopes }: Rules,
  upstream: string,
): UpdatableTemplate {
  const config = {
    cache: { authorizerResultTtlSeconds: 300 },
    operations: { dashboard: false },
    api: {
      type,
      upstream,
      scopes: apiScopes,
      routes: [...routes].map(([path, scopes]) => ({ method: 'GET', path, scopes })),
    },
  };
  return synthesize(config, { local: true }).template.toJSON() as UpdatableTemplate;
}

/** Starts a function, or a version of it, in this process. */
function startFunction(
  { environment }: FunctionDefinition,
  grants: readonly (readonly string[])[],
): FunctionHost {
  const handler = createGatewayHandler({
    config: readConfig(environment),
    authorizer: inMemoryAuthorizer(grants),
    telemetry: silentTelemetry,
  });
  return {
    async invoke(event) {
      try {
        return { payload: await handler(event as AuthorizerEvent, {} as Context) };
      } catch (error) {
        const { name, message } = error as Error;
        return { error: { errorType: name, errorMessage: message } };
      }
    },
    recycle: () => undefined,
    close: async () => undefined,
  };
}

/**
 * Returns a record of the rules in force during an update: on a REST API those of the deployment of the
 * stage, on an HTTP API those of the route.
 */
function createInForce(kind: Kind) {
  const rulesOf = new Map<string, Rules>();
  /** By path: the status by the rules that were last in force. */
  const former = new Map<string, (grant: readonly string[]) => number>();
  const stageOf = ({ Resources }: UpdatableTemplate) =>
    JSON.stringify(Object.values(Resources).find(({ Type }) => Type === 'AWS::ApiGateway::Stage'));
  const routesOf = ({ Resources }: UpdatableTemplate) =>
    Object.values(Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route');
  const routeOf = (template: UpdatableTemplate, path: string) =>
    routesOf(template).find(({ Properties }) => Properties?.['RouteKey'] === `GET ${path}`);

  return {
    add(template: UpdatableTemplate, rules: Rules): void {
      if (kind === 'REST') rulesOf.set(stageOf(template), rules);
      for (const route of routesOf(template)) rulesOf.set(JSON.stringify(route), rules);
    },
    /**
     * Returns the right statuses at a state of the stack, by path and grant: one, except for a removed route of
     * a REST API.
     */
    at(template: UpdatableTemplate) {
      const stage = stageOf(template);
      return (path: string): ((grant: readonly string[]) => readonly number[]) => {
        const key = kind === 'REST' ? stage : JSON.stringify(routeOf(template, path));
        const rules = rulesOf.get(key);
        const alternatives = rules?.routes.get(path);
        if (rules && alternatives) {
          const status = (grant: readonly string[]) =>
            statusBy(alternatives, rules.apiScopes, grant);
          former.set(path, status);
          return (grant) => [status(grant)];
        }
        if (kind === 'HTTP') return () => [404];
        // CloudFormation deletes a route after it has deployed: until the next deployment the route stays in
        // the snapshot, with its former rules.
        const last = former.get(path);
        return (grant) => (last === undefined ? [403] : [403, 503, last(grant)]);
      };
    },
  };
}

function statusBy(
  alternatives: readonly (readonly string[])[],
  apiScopes: readonly string[],
  grant: readonly string[],
): number {
  const granted = (scopes: readonly string[]) => scopes.every((it) => grant.includes(it));
  return granted(apiScopes) && alternatives.some(granted) ? 200 : 403;
}
