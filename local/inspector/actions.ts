import { z } from 'zod';
import type { LocalStack } from '../stack/local-stack';

/** Result of an action for the page that chose it. It can contain a token. */
export interface ActionResult {
  /** Effect in a sentence, without tokens. */
  readonly effect: string;
  readonly [name: string]: unknown;
}

/** Action that a developer can choose. */
export type Action = (input: unknown) => Promise<ActionResult>;

/** Actions by name. */
export type Actions = Readonly<Record<string, Action>>;

/** Error that a developer can correct. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}

/** Creates an action with an input. A faulty input is an ActionError. */
export function actionWith<Schema extends z.ZodType>(
  schema: Schema,
  act: (input: z.infer<Schema>) => Promise<ActionResult>,
): Action {
  return async (input) => {
    const { data, error } = schema.safeParse(input);
    if (error) throw new ActionError(z.prettifyError(error));
    return act(data as z.infer<Schema>);
  };
}

/** Creates an action without an input. */
export function action(act: () => Promise<string> | string): Action {
  return async () => ({ effect: await act() });
}

const sendSchema = z.strictObject({
  api: z.string(),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
  /** Path and query. */
  target: z.string().startsWith('/'),
  /** Value of the header `Authorization`. */
  authorization: z.string().optional(),
});

/** Returns the actions that every local stack has. */
export function stackActions(stack: LocalStack): Actions {
  const { tables } = stack;
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  return {
    send: actionWith(sendSchema, async ({ api, method, target, authorization }) => {
      const origin = stack.apis.find(({ name }) => name === api)?.url;
      const url = origin && new URL(target, origin);
      if (url === undefined || url.origin !== origin?.origin) {
        throw new ActionError(`the request must go to an API of the stack, got: ${api} ${target}`);
      }
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        headers: authorization === undefined ? {} : { authorization },
      }).catch((error: Error) => {
        throw new ActionError(`the request could not be sent: ${error.message}`);
      });
      await response.arrayBuffer();
      // REST and HTTP APIs have different headers.
      const { headers, status } = response;
      const requestId = headers.get('x-amzn-requestid') ?? headers.get('apigw-requestid');
      return { effect: `${method} ${target} got ${status}`, requestId, status };
    }),
    'empty-result-cache': action(() => {
      const results = stack.cachedResults();
      stack.flushAuthorizersCache();
      return `Emptied the result cache of ${count(results, 'result')}`;
    }),
    'empty-memory-cache': action(() => {
      const environments = stack.environments();
      stack.recycleEnvironments();
      return `Ended ${count(environments, 'execution environment')} with their memory caches`;
    }),
    'empty-token-cache': action(async () => {
      return `Deleted ${count(await tables.deleteItems(), 'item')} of the token cache`;
    }),
    'fail-table': action(() => {
      tables.outage.begin();
      return 'DynamoDB responds 500 from now on';
    }),
    'restore-table': action(() => {
      tables.outage.end();
      return 'DynamoDB works again';
    }),
    ...(stack.rotatedSecrets().length > 0 && {
      // A rotation within the minimum period would change nothing.
      'replace-signing-keys': action(async () => {
        await stack.replaceRotatedSecrets();
        return 'Replaced the signing keys. Environments sign with the former ones until their memory is emptied';
      }),
    }),
  };
}
