import { html } from '/lit-html/lit-html.js';
import { findJwt } from '../jwt.mjs';
import { headerTable } from './headers.mjs';
import { jwtView } from './swap.mjs';

/** Exchange with the introspection endpoint. The server has masked credentials. */
export function exchange({ request, response }) {
  const jwt = findJwt(response.body);
  return html`
    <div class="exchange">
      <h4>POST ${request.path}</h4>
      ${headerTable([...request.headers, ...request.form])}
      <h4>${response.status}</h4>
      ${headerTable(response.headers)}
      ${jwt === undefined ? html`<pre>${pretty(response.body)}</pre>` : jwtView(jwt)}
    </div>
  `;
}

function pretty(text) {
  if (text === '') return 'no body';
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
