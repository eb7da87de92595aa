import type { ClientCredentials } from '../../lambda/core/client-credentials';
import type { AuthorizerConfig } from '../../lambda/core/config';
import { createIntrospectionClient } from '../../lambda/io/authorization-server/introspection-client';
import type { TimedResponse } from './get';

/** Exchange with the introspection endpoint. */
export interface IntrospectionExchange {
  /** Response to the last attempt; `undefined` if none came. */
  readonly reply: TimedResponse | undefined;
  /** Error of the authorizer's client; `undefined` if it accepts the response. */
  readonly error: unknown;
  readonly milliseconds: number;
}

/** Introspects an access token with the client of the authorizer. Never rejects. */
export async function introspect(
  settings: AuthorizerConfig['introspection'],
  credentials: ClientCredentials,
  accessToken: string,
): Promise<IntrospectionExchange> {
  const source = { get: async () => credentials, reread: async () => credentials };
  const now = () => Date.now() / 1000;
  const sentAt = now();
  const started = performance.now();
  let reply: TimedResponse | undefined;
  let error: unknown;
  const request = createIntrospectionClient({
    ...settings,
    credentials: source,
    now,
    onResponse: (response) => {
      reply = { response, sentAt, receivedAt: now() };
    },
  });
  try {
    await request(accessToken);
  } catch (thrown) {
    error = thrown;
  }
  return { reply, error, milliseconds: Math.round(performance.now() - started) };
}
