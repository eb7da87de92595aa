import { html, nothing } from '/lit-html/lit-html.js';

/**
 * Button of an action, if the action is possible here.
 *
 * @param options `act` performs the action, by default without an input. A button that submits its form has none.
 */
export function actionButton({ state, busy }, store, action, label, options = {}) {
  if (!state.actions.includes(action)) return undefined;
  const { act = () => store.act(action), disabled = false, id = action, submits = false } = options;
  return html`
    <button
      type=${submits ? 'submit' : 'button'}
      class=${submits ? 'primary' : ''}
      data-action=${id}
      ?disabled=${disabled || busy !== undefined}
      @click=${submits ? nothing : act}
    >
      ${label}
    </button>
  `;
}
