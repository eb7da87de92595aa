/** Parses JSON. Returns `undefined` for a text that is not JSON, and without a text. */
export function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
