import { html, nothing } from '/lit-html/lit-html.js';
import { decodeJwt } from '../jwt.mjs';
import { seconds } from '../text.mjs';

/** Remaining lifetimes of the token and of what the caches hold of it. */
export function lifetimes(request, emptiedAtMs) {
  const bars = lifetimesOf(request).filter(({ lifetime }) => lifetime !== undefined);
  if (bars.length === 0) return nothing;
  return html`
    <section class="lifetimes" aria-label="Remaining lifetimes">
      <h3>Remaining lifetimes</h3>
      ${bars.map((bar) => lifetimeBar(bar, emptiedAtMs[bar.cache]))}
    </section>
  `;
}

function lifetimesOf({ jwt, atMs, resultCache, resultLifetime }) {
  const { iat = atMs / 1000, exp } = (jwt && decodeJwt(jwt)?.payload) || {};
  return [
    { label: 'JWT', lifetime: exp && { fromMs: iat * 1000, toMs: exp * 1000 } },
    { label: 'Result cache', cache: 'resultCache', lifetime: resultCache.lifetime },
    { label: 'Memory cache', cache: 'memoryCache', lifetime: resultLifetime },
    { label: 'Token cache', cache: 'tokenCache', lifetime: resultLifetime },
  ];
}

function lifetimeBar({ label, lifetime }, emptiedAtMs = 0) {
  const { fromMs, toMs } = lifetime;
  const isEmptied = emptiedAtMs > fromMs;
  const left = isEmptied ? 0 : Math.max(0, toMs - Date.now()) / 1000;
  const total = Math.max(1, (toMs - fromMs) / 1000);
  const text = isEmptied ? 'emptied' : left > 0 ? seconds(left) : 'expired';
  return html`
    <label class="lifetime ${left > 0 ? '' : 'over'}" data-lifetime=${label}>
      <span>${label}</span>
      <progress max=${total} value=${Math.min(left, total)}></progress>
      <span class="left-over">${text}</span>
    </label>
  `;
}
