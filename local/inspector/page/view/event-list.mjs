import { repeat } from '/lit-html/directives/repeat.js';
import { html } from '/lit-html/lit-html.js';
import { clock, describeSource, milliseconds, statusClass } from '../text.mjs';

/** List of requests and actions, newest first. Arrow keys move through the requests. */
export function eventList({ events, selectedId }, store) {
  return html`
    <section class="events" aria-label="Requests">
      <h2>Requests</h2>
      ${events.length === 0 ? html`<p class="hint">None yet. Get a token and send it.</p>` : ''}
      <ol @keydown=${moveFocus}>
        ${repeat(
          events,
          ({ id }) => id,
          (event) =>
            event.kind === 'action' ? actionItem(event) : requestItem(event, selectedId, store),
        )}
      </ol>
    </section>
  `;
}

function actionItem({ atMs, effect }) {
  return html`<li class="action"><time>${clock(atMs)}</time> ${effect}</li>`;
}

function requestItem(request, selectedId, store) {
  const { id, atMs, method, target, status, durationMs } = request;
  return html`
    <li>
      <button
        type="button"
        class="event"
        data-request=${id}
        aria-current=${id === selectedId ? 'true' : 'false'}
        @click=${(event) => choose(id, event, store)}
      >
        <span class="status-code ${statusClass(status)}">${status}</span>
        <span class="line">${method} ${target}</span>
        <span class="detail">
          <time>${clock(atMs)}</time> · ${describeSource(request)} · ${milliseconds(durationMs)}
        </span>
      </button>
    </li>
  `;
}

/** Selects a request. Where it is below the list, a click also leads there. */
function choose(id, { detail: clicks }, store) {
  store.select(id);
  const isBelow = matchMedia('(width < 860px)').matches;
  if (isBelow && clicks > 0) document.getElementById('request').scrollIntoView();
}

function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const next = buttons[buttons.indexOf(document.activeElement) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.click();
}
