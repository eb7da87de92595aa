import { html, nothing } from '/lit-html/lit-html.js';
import { clock, describeSource, milliseconds, statusClass } from '../text.mjs';
import { checks } from './checks.mjs';
import { lifetimes } from './lifetimes.mjs';
import { sequence } from './sequence.mjs';
import { swap } from './swap.mjs';

/** Selected request, from its decision to the details. */
export function requestView(model, store) {
  const request = store.selected();
  if (request?.kind !== 'request') {
    return html`<div class="empty">
      <p>Get a token and send it.</p>
      <p>Each request to the gateway appears here, with each step between the client and the upstream.</p>
    </div>`;
  }
  const { method, target, status, atMs, durationMs, decision } = request;
  return html`
    <header class="title">
      <h2><code>${method} ${target}</code></h2>
      <p>
        <span class="pill ${statusClass(status)}">${status}</span>
        ${decision.outcome === 'fault' ? 'not decided:' : 'decided by'}
        <strong>${describeSource(request)}</strong>
        ${decision.reason ? html`· <code>${decision.reason}</code>` : nothing}
        · ${milliseconds(durationMs)} · <time>${clock(atMs)}</time>
      </p>
    </header>
    ${faultNote(decision)}
    ${swap(request, lifetimes(request, model.emptiedAtMs))}
    ${sequence(request)}
    ${checks(request, store)}
  `;
}

function faultNote({ fault, warnings }) {
  return html`
    ${
      fault
        ? html`<div class="note faulty">
          <p><strong>${fault.message}</strong></p>
          ${fault.cause ? html`<p>${fault.cause}</p>` : nothing}
          ${fault.advice ? html`<p>${fault.advice}</p>` : nothing}
        </div>`
        : nothing
    }
    ${warnings.map((warning) => html`<p class="note denied">${warning}</p>`)}
  `;
}
