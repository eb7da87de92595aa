import { html } from '/lit-html/lit-html.js';

/**
 * Button of an action, if the action is possible here.
 *
 * @param options `act` performs the action; by default without an input. `disabled` names why it is not possible now.
 */
export function actionButton({ state, busy }, store, action, label, options = {}) {
  if (!state.actions.includes(action)) return undefined;
  const { act = () => store.act(action), disabled = false, id = action, kind = '' } = options;
  return html`
    <button type="button" class=${kind} data-action=${id} ?disabled=${disabled || busy !== undefined} @click=${act}>
      ${label}
    </button>
  `;
}
