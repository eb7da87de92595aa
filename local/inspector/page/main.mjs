import { render } from '/lit-html/lit-html.js';
import { connect } from './connection.mjs';
import { createStore } from './store.mjs';
import { page } from './view/page.mjs';

/** Interval at which remaining lifetimes are shown again, in milliseconds. */
const TICK_MS = 1000;

const root = document.getElementById('app');
const announcement = document.getElementById('announcement');
root.replaceChildren();

const store = createStore((model) => {
  render(page(model, store), root);
  if (announcement.textContent !== model.message) announcement.textContent = model.message;
});

connect(store);
setInterval(store.refresh, TICK_MS);
