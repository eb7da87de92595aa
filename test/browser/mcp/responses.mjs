const responses = JSON.parse(sessionStorage.getItem('responses') ?? '[]');

/** Fetches, and records what the page can read of the response. A request that CORS prevents is rejected. */
export async function recordedFetch(input, init) {
  const { origin, pathname } = new URL(input);
  const method = init?.method ?? 'GET';
  const record = { method, origin, path: pathname, status: 0, challenge: null, body: '' };
  try {
    const response = await fetch(input, init);
    record.status = response.status;
    record.challenge = response.headers.get('WWW-Authenticate');
    // Successful responses can contain tokens, or stream.
    if (!response.ok) record.body = await response.clone().text();
    return response;
  } finally {
    responses.push(record);
    sessionStorage.setItem('responses', JSON.stringify(responses));
  }
}

/** Shows the recorded responses, also those before the last navigation. */
export function showResponses() {
  const rows = responses.map((record) => {
    const row = document.createElement('tr');
    row.dataset.record = JSON.stringify(record);
    for (const text of [
      `${record.method} ${record.origin}${record.path}`,
      record.status,
      [record.challenge, record.body].filter(Boolean).join(' '),
    ]) {
      row.insertCell().textContent = text;
    }
    return row;
  });
  document.querySelector('tbody').replaceChildren(...rows);
}
