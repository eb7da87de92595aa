import { html, nothing } from '/lit-html/lit-html.js';

const MARKS = { passed: '✓', failed: '✕', unreached: '·', off: '–' };
const WORDS = {
  passed: 'passed',
  failed: 'failed',
  unreached: 'not reached',
  off: 'not configured',
};

/** Checks of the token with their verdicts. */
export function checks({ checks: list, resultCache }, store) {
  if (list.length === 0) return nothing;
  return html`
    <section class="checks">
      <h3>Checks</h3>
      ${resultCache.replays ? replayNote(resultCache.replays, store) : nothing}
      <table>
        <thead>
          <tr><th scope="col">Check</th><th scope="col">Verdict</th><th scope="col">Got</th><th scope="col">Expected</th></tr>
        </thead>
        <tbody>
          ${list.map(checkRow)}
        </tbody>
      </table>
    </section>
  `;
}

function replayNote(id, store) {
  return html`
    <p class="hint">
      The result cache replays the decision on
      <button type="button" class="link" @click=${() => store.select(id)}>an earlier request</button>,
      which these checks are from.
    </p>
  `;
}

function checkRow({ name, verdict, expected, received }) {
  return html`
    <tr class=${verdict} data-check=${name}>
      <th scope="row">${name}</th>
      <td class="verdict"><span aria-hidden="true">${MARKS[verdict]}</span> ${WORDS[verdict]}</td>
      <td data-label="got">${received ?? ''}</td>
      <td data-label="expected">${expected ?? ''}</td>
    </tr>
  `;
}
