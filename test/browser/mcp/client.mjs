import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { recordedFetch, showResponses } from './responses.mjs';
import { BrowserUser, state } from './user.mjs';

/** @see client.html */
const actions = {
  async connect() {
    state.server = input('server').value;
    state.scope = input('scope').value;
    return connect();
  },
  async listTools() {
    const { tools } = await client.listTools();
    return tools.map(({ name }) => name).join(', ');
  },
  callWeather: () => callTool('get_weather'),
  callAlert: () => callTool('set_alert'),
};

const client = new Client(
  { name: 'page', version: '1.0.0' },
  { versionNegotiation: { mode: { pin: '2026-07-28' } } },
);

function newTransport() {
  return new StreamableHTTPClientTransport(new URL(state.server), {
    authProvider: new BrowserUser(),
    fetch: recordedFetch,
  });
}

async function connect() {
  await client.connect(newTransport());
  return 'Connected';
}

async function callTool(name) {
  const { content } = await client.callTool({ name, arguments: { city: 'Bern' } });
  return content[0].text;
}

/** Takes the code from the URL and connects. */
async function finishSignIn() {
  const parameters = new URLSearchParams(location.search);
  history.replaceState(undefined, '', '/');
  await newTransport().finishAuth(parameters);
  return connect();
}

/** Shows the result of an action. Without authorization the provider has navigated to the sign-in page. */
async function show(action) {
  const status = document.querySelector('[role=status]');
  status.textContent = 'Waiting …';
  status.textContent = await action().catch((error) =>
    error instanceof UnauthorizedError ? 'Authorization is required' : `Failed: ${error.message}`,
  );
  showResponses();
}

function input(name) {
  return document.querySelector(`input[name=${name}]`);
}

for (const button of document.querySelectorAll('button')) {
  button.onclick = () => show(actions[button.dataset.action]);
}
if (location.search !== '') {
  input('server').value = state.server;
  void show(finishSignIn);
}
