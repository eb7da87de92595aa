import { html } from '/lit-html/lit-html.js';
import { composer } from './composer.mjs';
import { eventList } from './event-list.mjs';
import { parties } from './parties.mjs';
import { requestView } from './request.mjs';

/** Whole page. */
export function page(model, store) {
  const { state } = model;
  if (state === undefined) return html`<p class="waiting">Connecting …</p>`;
  return html`
    <header class="top">
      <h1><img src="/icon.svg" alt="" width="28" height="28"> Inspector</h1>
      <p class="gateways">
        ${state.apis.map(({ url }) => html`<code>${url}</code> `)}
      </p>
      ${connection(model)}
    </header>
    ${parties(model, store)}
    <main>
      <div class="left">
        ${composer(model, store)}
        ${eventList(model, store)}
      </div>
      <section id="request" class="right" tabindex="-1" aria-label="Selected request">
        ${requestView(model, store)}
      </section>
    </main>
  `;
}

function connection({ connected, busy }) {
  if (!connected) return html`<p class="connection faulty">not connected</p>`;
  return html`<p class="connection ${busy ? 'denied' : 'good'}">${busy ? 'working …' : 'live'}</p>`;
}
