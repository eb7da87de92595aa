import { html, nothing } from '/lit-html/lit-html.js';
import { clock, count } from '../text.mjs';
import { actionButton } from './button.mjs';

/** Authorization server and caches, with what can be done to them. */
export function parties(model, store) {
  const { state } = model;
  const button = (action, label) => actionButton(model, store, action, label);
  return html`
    <section class="parties" aria-label="Authorization server and caches">
      ${card('Result cache', 'API Gateway', count(state.resultCache.results, 'result'), 'good', [
        button('empty-result-cache', 'Empty'),
      ])}
      ${card(
        'Memory cache',
        'in the function',
        count(state.memoryCache.environments, 'environment'),
        'good',
        [button('empty-memory-cache', 'Empty')],
      )}
      ${card(
        'Token cache',
        'DynamoDB',
        state.table.working ? count(state.table.items, 'item') : 'failing',
        state.table.working ? 'good' : 'faulty',
        [
          button('empty-token-cache', 'Empty'),
          state.table.working ? button('fail-table', 'Fail') : button('restore-table', 'Restore'),
        ],
      )}
      ${authorizationServer(model, button)}
      ${latestEffect(model)}
    </section>
  `;
}

function latestEffect({ events }) {
  const latest = events.find(({ kind }) => kind === 'action');
  return html`<p class="effect">${latest ? html`<time>${clock(latest.atMs)}</time> ${latest.effect}` : nothing}</p>`;
}

function authorizationServer({ state }, button) {
  const { authorizationServer: server } = state;
  const keys = button('replace-signing-keys', 'Replace signing keys');
  if (server === undefined)
    return keys && card('Signing keys', 'Secrets Manager', '', 'good', [keys]);
  return card(
    'Authorization server',
    server.issuer.replace(/^https?:\/\//, ''),
    server.running ? 'running' : 'stopped',
    server.running ? 'good' : 'faulty',
    [
      server.running
        ? button('stop-authorization-server', 'Stop')
        : button('start-authorization-server', 'Start'),
      button('rotate-secret', 'Rotate secret'),
      keys,
    ],
  );
}

function card(title, place, status, kind, buttons) {
  return html`
    <div class="party" role="group" aria-label=${title}>
      <h2>${title} <small>${place}</small></h2>
      <p class="status ${kind}">${status}</p>
      <p class="buttons">${buttons}</p>
    </div>
  `;
}
