import { randomUUID } from 'node:crypto';
import type { IntrospectionExchange } from '../authorization-server/introspection-exchange';
import type { PortChoice } from '../http-server';
import type { LocalStack } from '../stack/local-stack';
import type { Sandbox } from '../stack/sandbox';
import type { StackObserver } from '../stack/stack-observer';
import { ActionError, SENDING_ACTIONS, stackActions } from './actions';
import { coalesce } from './coalesce';
import { createFeed } from './events/feed';
import { createRecorder } from './events/recorder';
import { sandboxActions } from './sandbox-actions';
import { createSentRequests } from './sent-requests';
import { serveInspector } from './server/server';
import { readState } from './state';

/** Stack to inspect, with the sandbox that it is in, if any. */
export interface InspectorTarget {
  readonly stack: LocalStack;
  readonly sandbox?: Sandbox;
}

/** Inspector: a page that shows each request as it was handled. */
export interface Inspector {
  /** Receives what the stack reports, from its start on. */
  readonly observer: StackObserver;
  /** Receives the exchanges at the introspection endpoint, from the start of the authorization server on. */
  onIntrospection(exchange: IntrospectionExchange): void;
  /**
   * Serves the page on loopback.
   *
   * @throws PortTakenError if another program listens on the chosen port.
   */
  serve(
    port: PortChoice,
    target: InspectorTarget,
  ): Promise<{ readonly url: URL; close(): Promise<void> }>;
}

/** Creates an inspector. It observes before the page is served. */
export function createInspector(): Inspector {
  const feed = createFeed();
  const sentRequests = createSentRequests();
  let refresh = async () => {};
  const recorder = createRecorder((event) => {
    feed.publish(event);
    void refresh();
  });
  return {
    observer: {
      ...recorder,
      onExchange(exchange) {
        // Before the page can ask for it.
        sentRequests.record(exchange);
        recorder.onExchange(exchange);
      },
    },
    onIntrospection: recorder.onIntrospection,
    async serve(port, { stack, sandbox }) {
      const actions = {
        ...stackActions(stack, sentRequests),
        ...(sandbox && sandboxActions(sandbox)),
      };
      const publishState = coalesce(async () =>
        feed.publish(await readState(stack, sandbox, Object.keys(actions))),
      );
      const server = await serveInspector({ port, feed, perform });
      // Without it, closing the stack during a refresh would leave a rejection behind.
      refresh = () => publishState().catch(() => {});
      await publishState();
      return server;

      async function perform(name: string, input: unknown) {
        if (!Object.hasOwn(actions, name)) throw new ActionError(`no such action: ${name}`);
        const result = await actions[name as keyof typeof actions]?.(input);
        if (result === undefined) throw new ActionError(`no such action: ${name}`);
        const { effect } = result;
        if (!SENDING_ACTIONS.includes(name)) {
          feed.publish({
            kind: 'action',
            id: randomUUID(),
            atMs: Date.now(),
            action: name,
            effect,
          });
        }
        await publishState();
        return result;
      }
    },
  };
}
