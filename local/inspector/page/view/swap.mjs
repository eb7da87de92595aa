import { html, nothing } from '/lit-html/lit-html.js';
import { decodeJwt } from '../jwt.mjs';
import { count } from '../text.mjs';
import { headerTable } from './headers.mjs';

/**
 * Message of the client next to that for the upstream: the opaque token turns into a JWT.
 *
 * @param lifetimes content below the message of the client
 */
export function swap(request, lifetimes) {
  const { client, credential, upstream, response, jwt } = request;
  return html`
    <section class="swap" aria-label="What the client sent and what the upstream got">
      <div class="side">
        <h3>The client sent</h3>
        ${clientCredential(credential)}
        ${details(count(client.headers.length, 'header'), headerTable(client.headers))}
        ${lifetimes}
      </div>
      <p class="turns" aria-hidden="true">${upstream ? '→' : '✕'}</p>
      <div class="side">
        <h3>The upstream got</h3>
        ${upstream ? upstreamCredential(request) : notCalled(response, jwt)}
      </div>
    </section>
  `;
}

function clientCredential({ verdict, scheme, token }) {
  if (verdict === 'absent')
    return html`<p class="nothing">No <code>Authorization</code> header</p>`;
  return html`
    <p class="kind">
      ${scheme ?? 'Authorization'} ·
      ${verdict === 'malformed' ? 'malformed' : `opaque, ${count(token.length, 'character')}`}
    </p>
    <p class="token opaque" data-token="client">${token}</p>
  `;
}

function upstreamCredential({ upstream, jwt, decision }) {
  const { headers, jwtHeader } = upstream;
  return html`
    ${
      jwtHeader === undefined
        ? html`<p class="nothing">No JWT${decision.outcome === 'none' ? ': the route is public' : ''}</p>`
        : html`<p class="kind">${jwtHeader} · JWT, ${count(jwt.length, 'character')}</p>
          ${jwtView(jwt)}`
    }
    ${details(count(headers.length, 'header'), headerTable(headers))}
  `;
}

function notCalled({ headers, body }, jwt) {
  const challenge = headers.find(([name]) => name.toLowerCase() === 'www-authenticate')?.[1];
  return html`
    <p class="nothing">Nothing: it was not called</p>
    <p class="kind">The client got</p>
    ${challenge ? html`<p class="token">${challenge}</p>` : nothing}
    <p class="token">${body.text}</p>
    ${jwt === undefined ? nothing : details('The JWT that was not forwarded', jwtView(jwt))}
  `;
}

/** JWT with its three parts, and decoded. */
export function jwtView(jwt) {
  const [header, payload, signature] = jwt.split('.');
  const decoded = decodeJwt(jwt);
  return html`
    <p class="token jwt" data-token="jwt" tabindex="0" aria-label="JWT">
      <span class="jwt-header">${header}</span>.<span class="jwt-payload">${payload}</span>.<span class="jwt-signature">${signature}</span>
    </p>
    ${
      decoded
        ? html`<details open>
          <summary>Decoded</summary>
          <pre class="jwt-header">${JSON.stringify(decoded.header)}</pre>
          <pre class="jwt-payload">${JSON.stringify(decoded.payload, null, 2)}</pre>
        </details>`
        : nothing
    }
  `;
}

function details(summary, content) {
  return html`<details><summary>${summary}</summary>${content}</details>`;
}
