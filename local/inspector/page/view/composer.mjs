import { live } from '/lit-html/directives/live.js';
import { html, nothing } from '/lit-html/lit-html.js';
import { actionButton } from './button.mjs';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'];

/** Form with the request to send. */
export function composer(model, store) {
  const { state, draft } = model;
  const { send, sendWithoutToken, sendAgain, sendWithoutScope, revoke } = store;
  const isRequestSelected = store.selected()?.kind === 'request';
  const button = (action, label, options) => actionButton(model, store, action, label, options);
  return html`
    <form class="composer" aria-label="Request to send" @submit=${submit}>
      ${state.applications.length > 0 ? applicationRow(model, store) : nothing}
      <label>
        Access token
        <input
          class="opaque"
          name="token"
          autocomplete="off"
          spellcheck="false"
          placeholder="none"
          .value=${live(draft.token)}
          @input=${({ target }) => store.edit({ token: target.value.trim() })}
        >
      </label>
      <div class="row">
        ${state.apis.length > 1 ? apiChoice(model, store) : nothing}
        ${choice('Method', 'method', METHODS, draft.method, (method) => store.edit({ method }))}
        <label class="wide">
          Path
          <input
            name="target"
            autocomplete="off"
            spellcheck="false"
            .value=${live(draft.target)}
            @input=${({ target }) => store.edit({ target: target.value })}
          >
        </label>
      </div>
      <p class="buttons">
        ${button('send', 'Send', { submits: true })}
        ${button('send-again', 'Again', { act: sendAgain, disabled: !isRequestSelected })}
        ${button('send', 'Without token', { id: 'send-without-token', act: sendWithoutToken })}
        ${button('get-token', 'Without scope', { id: 'send-without-scope', act: sendWithoutScope })}
        ${button('revoke-token', 'Revoke token', { act: revoke, disabled: draft.token === '' })}
      </p>
      ${model.error ? html`<p class="error" role="alert">${model.error}</p>` : nothing}
    </form>
  `;

  function submit(event) {
    event.preventDefault();
    if (model.busy === undefined) send();
  }
}

function applicationRow(model, store) {
  const { state, draft } = model;
  const names = state.applications.map(({ name }) => name);
  return html`
    <div class="row">
      ${choice('Application', 'application', names, draft.application, (application) =>
        store.edit({ application }),
      )}
      ${actionButton(model, store, 'get-token', 'Get a token', { act: () => store.getToken() })}
    </div>
  `;
}

function apiChoice({ state, draft }, store) {
  const names = state.apis.map(({ name }) => name);
  return choice('API', 'api', names, draft.api, (api) => store.edit({ api }));
}

function choice(label, name, options, chosen, onChange) {
  return html`
    <label>
      ${label}
      <select name=${name} @change=${({ target }) => onChange(target.value)}>
        ${options.map((option) => html`<option ?selected=${option === chosen}>${option}</option>`)}
      </select>
    </label>
  `;
}
