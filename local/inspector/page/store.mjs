import { perform } from './connection.mjs';
import { describeRequest } from './text.mjs';

/** Maximum number of events in the list. */
const MAX_EVENTS = 200;

/** Actions that empty a cache, with the cache's name. */
const EMPTYING = {
  'empty-result-cache': 'resultCache',
  'empty-memory-cache': 'memoryCache',
  'empty-token-cache': 'tokenCache',
};

/**
 * Creates the model of the page and the functions that change it.
 *
 * @param onChange receives the model after each change
 */
export function createStore(onChange) {
  const model = {
    connected: false,
    state: undefined,
    events: [],
    selectedId: undefined,
    /** Times at which the caches were emptied, in milliseconds since the epoch. */
    emptiedAtMs: {},
    /** Request to send. */
    draft: { application: undefined, token: '', api: undefined, method: 'GET', target: '/' },
    /** Action under way. */
    busy: undefined,
    error: '',
    /** Latest event in a sentence. */
    message: '',
  };
  const refresh = () => onChange(model);
  const change = (changes) => {
    Object.assign(model, changes);
    refresh();
  };

  function receive(event) {
    if (event.kind === 'state') return receiveState(event);
    if (model.events.some(({ id }) => id === event.id)) return undefined;
    const isFollowing = model.selectedId === undefined || model.selectedId === newestRequest()?.id;
    model.events = [event, ...model.events].slice(0, MAX_EVENTS);
    if (event.kind === 'request') {
      if (isFollowing) model.selectedId = event.id;
      return change({ message: describeRequest(event) });
    }
    const cache = EMPTYING[event.action];
    if (cache) model.emptiedAtMs[cache] = event.atMs;
    return change({ message: event.effect });
  }

  function receiveState(state) {
    const { draft } = model;
    if (model.state === undefined) {
      const [api] = state.apis;
      draft.api = api?.name;
      draft.application = state.applications[0]?.name;
      draft.target = exampleTarget(api?.routes ?? []);
    }
    change({ state });
  }

  const newestRequest = () => model.events.find(({ kind }) => kind === 'request');
  const selected = () => model.events.find(({ id }) => id === model.selectedId);

  /** Performs an action and shows its error, if it fails. */
  async function act(action, input) {
    change({ busy: action, error: '' });
    try {
      return await perform(action, input);
    } catch (error) {
      change({ error: error.message, message: error.message });
      return undefined;
    } finally {
      change({ busy: undefined });
    }
  }

  /** Performs an action that sends a request, which is then selected. */
  async function sendBy(action, input) {
    const result = await act(action, input);
    if (result?.requestId) change({ selectedId: result.requestId });
  }

  function send(authorization) {
    const { api, method, target } = model.draft;
    return sendBy('send', { api, method, target, authorization });
  }

  return {
    refresh,
    receive,
    selected,
    act,
    setConnected: (connected) => change({ connected }),
    select: (selectedId) => change({ selectedId }),
    edit(changes) {
      Object.assign(model.draft, changes);
      refresh();
    },
    async getToken() {
      const result = await act('get-token', { application: model.draft.application });
      if (result) this.edit({ token: result.token });
    },
    send: () => send(model.draft.token ? `Bearer ${model.draft.token}` : undefined),
    sendWithoutToken: () => send(undefined),
    /** Sends the selected request again, as it was. */
    sendAgain() {
      const request = selected();
      return request?.kind === 'request' ? sendBy('send-again', { id: request.id }) : undefined;
    },
    async sendWithoutScope() {
      const application = model.state.applicationWithoutScope;
      const result = await act('get-token', { application });
      if (result) await send(`Bearer ${result.token}`);
    },
    revoke: () => act('revoke-token', { token: model.draft.token }),
  };
}

/** Returns a path that matches a route, with values for its variables. */
function exampleTarget(routes) {
  const example = routes.find((route) => route.includes('{')) ?? routes[0] ?? '';
  const [, path = '/'] = example.split(' ');
  return path.replace(/\{\w+\+\}/, 'orders/42').replace(/\{\w+\}/g, '42');
}
