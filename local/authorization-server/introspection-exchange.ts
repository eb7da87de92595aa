import type { Context } from 'oidc-provider';

/** Request to the introspection endpoint and its response. Credentials of the client and the token in the form are masked. */
export interface IntrospectionExchange {
  /** Access token of the request. */
  readonly token: string;
  /** Time of arrival, in milliseconds since the epoch. */
  readonly receivedAtMs: number;
  readonly durationMs: number;
  readonly request: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Form parameters. */
    readonly form: Readonly<Record<string, string>>;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** Phantom token or JSON; empty without a body. */
    readonly body: string;
  };
}

/** Text in place of a credential. */
const MASK = '••••';

/** Form parameters with credentials of the client. @see https://www.rfc-editor.org/rfc/rfc7521#section-4.2 */
const SECRET_PARAMETERS = ['client_secret', 'client_assertion'];

/** Returns a middleware that reports the exchanges at the introspection endpoint. */
export function observeIntrospections(onIntrospection: (exchange: IntrospectionExchange) => void) {
  return async (context: Context, next: () => Promise<void>): Promise<void> => {
    const receivedAtMs = Date.now();
    const startedMs = performance.now();
    await next();
    if (context.oidc?.route !== 'introspection') return;
    const { body = {} } = context.oidc;
    const form = Object.entries(body).map(([name, value]) => [name, shownParameter(name, value)]);
    onIntrospection({
      token: String(body['token']),
      receivedAtMs,
      durationMs: performance.now() - startedMs,
      request: {
        path: context.path,
        headers: {
          ...shown(context.req.headers, ['accept', 'content-type', 'user-agent']),
          ...authorization(context.get('authorization')),
        },
        form: Object.fromEntries(form),
      },
      response: {
        status: context.status,
        headers: shown(context.response.headers, ['content-type', 'cache-control']),
        body: text(context.body),
      },
    });
  };
}

function shownParameter(name: string, value: unknown): string {
  if (SECRET_PARAMETERS.includes(name)) return MASK;
  return name === 'token' ? ends(String(value)) : String(value);
}

/** Returns the ends of a token, by which it can be recognized. */
function ends(token: string): string {
  return token.length > 20 ? `${token.slice(0, 8)}…${token.slice(-6)}` : MASK;
}

/** Returns a header with the scheme and, of Basic, the client id, but not the secret. */
function authorization(value: string): Readonly<Record<string, string>> {
  const [, scheme, credential = ''] = /^(\S+) +(.*)$/.exec(value) ?? [];
  if (scheme === undefined) return {};
  if (scheme.toLowerCase() !== 'basic') return { authorization: `${scheme} ${MASK}` };
  const [clientId] = Buffer.from(credential, 'base64').toString('utf8').split(':');
  return { authorization: `Basic ${clientId}:${MASK}` };
}

function shown(
  headers: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}

function text(body: unknown): string {
  if (body === null || body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
