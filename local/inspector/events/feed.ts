import type { ListedEvent, StateEvent } from './model';

/** Receiver of events. */
export type Subscriber = (event: ListedEvent | StateEvent) => void;

/** Stream of events with a history, in memory only. */
export interface Feed {
  publish(event: ListedEvent | StateEvent): void;
  /**
   * Subscribes to events. The subscriber receives the history first.
   *
   * @returns a function that ends the subscription.
   */
  subscribe(subscriber: Subscriber): () => void;
}

/** Number of events in the history. */
const HISTORY_LENGTH = 200;

export function createFeed(): Feed {
  const history: ListedEvent[] = [];
  const subscribers = new Set<Subscriber>();
  let state: StateEvent | undefined;
  return {
    publish(event) {
      if (event.kind === 'state') state = event;
      else history.push(event);
      if (history.length > HISTORY_LENGTH) history.shift();
      for (const subscriber of subscribers) subscriber(event);
    },
    subscribe(subscriber) {
      if (state) subscriber(state);
      for (const event of history) subscriber(event);
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
  };
}
