import { html, nothing } from '/lit-html/lit-html.js';
import { milliseconds } from '../text.mjs';
import { LANES, stepsOf } from './steps.mjs';

/** Sequence diagram of a request: a line for each step, which names its parties for screen readers. */
export function sequence(request) {
  return html`
    <section class="sequence">
      <h3>Step by step</h3>
      <div class="lanes" aria-hidden="true">
        ${LANES.map((lane) => html`<span>${lane}</span>`)}
      </div>
      <ol>
        ${stepsOf(request).map(stepItem)}
      </ol>
    </section>
  `;
}

function stepItem({ from, to, title, text, kind = '', durationMs, content, step }) {
  const [left, right] = [Math.min(from, to), Math.max(from, to)];
  const direction = from === to ? 'self' : from < to ? 'forth' : 'back';
  const parties = from === to ? LANES[from] : `${LANES[from]} to ${LANES[to]}`;
  return html`
    <li class="step ${kind}" data-step=${step}>
      <div class="track" aria-hidden="true">
        <span class="arrow ${direction} start-${left} end-${right}"></span>
      </div>
      <div class="what">
        <p>
          <span class="parties-of">${parties}</span>
          <strong>${title}</strong> ${text}
          ${durationMs === undefined ? nothing : html`<span class="time">${milliseconds(durationMs)}</span>`}
        </p>
        ${content ? html`<details><summary>Show</summary>${content}</details>` : nothing}
      </div>
    </li>
  `;
}
