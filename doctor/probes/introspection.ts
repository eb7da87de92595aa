import type { ClientCredentials } from '../../lambda/core/client-credentials';
import type { AuthorizerConfig } from '../../lambda/core/config';
import type { Introspection } from '../../lambda/core/introspection-response';
import { createIntrospectionClient } from '../../lambda/io/authorization-server/introspection-client';
import type { TimedResponse } from './get';
import { obtainPhantomToken } from './phantom-token';

/** Exchange with the introspection endpoint, and its result. */
export interface IntrospectionExchange {
  /** Response to the last attempt; `undefined` if none came. */
  readonly reply: TimedResponse | undefined;
  /** Result of the introspection, or the error of the authorizer's code. */
  readonly result: Introspection | { readonly error: unknown };
  readonly milliseconds: number;
}

/** Introspects an access token with the code of the authorizer. Never rejects. */
export async function introspect(
  settings: AuthorizerConfig,
  credentials: ClientCredentials,
  accessToken: string,
): Promise<IntrospectionExchange> {
  const source = { get: async () => credentials, reread: async () => credentials };
  const now = () => Date.now() / 1000;
  const sentAt = now();
  const started = performance.now();
  let reply: TimedResponse | undefined;
  const request = createIntrospectionClient({
    ...settings.introspection,
    credentials: source,
    now,
    onResponse: (response) => {
      reply = { response, sentAt, receivedAt: now() };
    },
  });
  const failure = await request(accessToken).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const milliseconds = Math.round(performance.now() - started);
  const received = reply as TimedResponse | undefined;
  if (failure || !received) {
    return { reply: received, result: failure ?? { error: undefined }, milliseconds };
  }
  const result = await obtainPhantomToken(settings, credentials, received.response).catch(
    (error: unknown) => ({
      error,
    }),
  );
  return { reply: received, result, milliseconds };
}
