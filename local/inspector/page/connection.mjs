/** Receives events from the server. The browser reconnects, and the history arrives again. */
export function connect(store) {
  const source = new EventSource('/events');
  source.onopen = () => store.setConnected(true);
  source.onerror = () => store.setConnected(false);
  source.onmessage = ({ data }) => store.receive(JSON.parse(data));
}

/**
 * Performs an action.
 *
 * @returns its result. Rejects with the server's message.
 */
export async function perform(action, input = {}) {
  const response = await fetch(`/actions/${action}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Inspector': '1' },
    body: JSON.stringify(input),
  });
  const result = await response.json();
  if (!response.ok) throw new Error(result.message);
  return result;
}
