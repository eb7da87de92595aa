import type { ServerResponse } from 'node:http';

/** Calls a function with the body, as it is given to `end`, before a response ends. */
export function beforeEnd(response: ServerResponse, act: (body: unknown) => void): void {
  const end = response.end.bind(response) as (...content: unknown[]) => ServerResponse;
  response.end = (...content: unknown[]) => {
    act(content[0]);
    return end(...content);
  };
}
