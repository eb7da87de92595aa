import { z } from 'zod';
import type { LocalStack } from '../stack/local-stack';
import { sendRequest } from './send';
import { MAX_KEPT_BODY_BYTES, type SentRequest, type SentRequests } from './sent-requests';

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

const sendAgainSchema = z.strictObject({
  /** Request id. */
  id: z.string(),
});

/** Actions that send a request. Each request is an event of its own. */
export const SENDING_ACTIONS: readonly string[] = ['send', 'send-again'];

/** Returns the actions that every local stack has. */
export function stackActions(stack: LocalStack, sentRequests: Pick<SentRequests, 'find'>): Actions {
  const { tables } = stack;
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  return {
    send: actionWith(sendSchema, async ({ authorization, ...request }) =>
      sendTo(stack, {
        ...request,
        headers: authorization === undefined ? [] : [['Authorization', authorization]],
        body: Buffer.alloc(0),
      }),
    ),
    'send-again': actionWith(sendAgainSchema, async ({ id }) => {
      const request = sentRequests.find(id);
      if (request === undefined) throw new ActionError('the request is no longer in memory');
      const { body } = request;
      if (body === undefined) {
        const limit = `${MAX_KEPT_BODY_BYTES / 1024} KB`;
        throw new ActionError(`the body of the request is not in memory: it exceeds ${limit}`);
      }
      return sendTo(stack, { ...request, body });
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

/** Sends a request to an API of a stack. */
async function sendTo(
  { apis }: LocalStack,
  request: SentRequest & { readonly body: Buffer },
): Promise<ActionResult> {
  const { api, method, target } = request;
  const origin = apis.find(({ name }) => name === api)?.url;
  if (origin === undefined) throw new ActionError(`the stack has no API ${api}`);
  const { status, requestId, isComplete } = await sendRequest(origin, request).catch(
    (error: Error) => {
      throw new ActionError(`the request could not be sent: ${error.message}`);
    },
  );
  const ending = isComplete ? '' : '. The connection was closed before the end of the response';
  return { effect: `${method} ${target} got ${status}${ending}`, requestId, status };
}
