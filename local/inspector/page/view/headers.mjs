import { html } from '/lit-html/lit-html.js';

/** Table of names and values. */
export function headerTable(headers) {
  return html`
    <dl class="headers">
      ${headers.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
  `;
}
