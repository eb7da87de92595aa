import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { ClientCredentials } from '../../core/client-credentials';
import { isCertificateRejected, isRejected } from '../../core/client-rejection';
import type { AuthorizerConfig } from '../../core/config';
import { connectionAdvice } from '../../core/connection-advice';
import { errorCode } from '../../core/error-code';
import { Fault, invalidResponse } from '../../core/errors';
import type { HttpResponse } from '../../core/http-response';
import { type Attempt, pauseBeforeRetry } from '../../core/retry';
import { createCircuitBreaker } from '../circuit-breaker';
import { createHttpClient, type HttpClient, type TlsOptions } from '../http/client';
import { type Deadline, withDeadline } from '../http/deadline';
import { isResponseRefused } from '../http/error';
import { USER_AGENT } from '../http/user-agent';
import { authenticate } from './client-authentication';
import type { ClientCredentialsSource } from './client-credentials';

export interface IntrospectionClientOptions
  extends Omit<AuthorizerConfig['introspection'], 'credentialsSecretArn' | 'response'> {
  readonly credentials: ClientCredentialsSource;
  /** Takes the duration of each introspection that was sent, retries included, in milliseconds. */
  readonly onCompleted?: (milliseconds: number) => void;
  /** Called for each introspection that was not sent because the circuit was open. */
  readonly onSkipped?: () => void;
  /** Epoch seconds. */
  readonly now: () => number;
  /** Seconds of a clock that never steps back. @default - that of the environment */
  readonly steadyNow?: () => number;
  /** Observes each response as it came. @default - no observer */
  readonly onResponse?: (response: HttpResponse) => void;
}

/**
 * Creates the client of the introspection endpoint.
 *
 * @returns a function that returns the response about an access token. It throws a Fault if there is none.
 * @see https://www.rfc-editor.org/rfc/rfc7662#section-2.1
 */
export function createIntrospectionClient(options: IntrospectionClientOptions) {
  const { endpoint, timeoutSeconds, credentials, now, steadyNow } = options;
  const httpClientOf = httpClientFor(options);
  const guard = createCircuitBreaker({
    isDown: (error) => error instanceof Fault && error.code === 'introspection_timed_out',
    openError(cause) {
      options.onSkipped?.();
      return timedOut(`circuit breaker open after timeouts of ${endpoint.host}`, cause);
    },
    ...(steadyNow && { now: steadyNow }),
  });

  return async function introspect(accessToken: string): Promise<HttpResponse> {
    const client = await credentials.get();
    const work = async (deadline: Deadline) => {
      const first = await requestWithRetry(accessToken, client, deadline);
      // The secret may have been rotated since we read it: read it again, once, and only then give up.
      const current = isRejected(first) ? await credentials.reread() : client;
      const last = isDeepStrictEqual(current, client)
        ? first
        : await requestWithRetry(accessToken, current, deadline);
      return unwrap(last, deadline);
    };
    // A digest, so that the circuit breaker holds no token.
    const subject = hash('sha256', accessToken, 'base64url');
    return guard(() => timed(() => withDeadline(timeoutSeconds * 1000, work)), subject);
  };

  async function timed<T>(run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await run();
    } finally {
      options.onCompleted?.(Math.round(performance.now() - start));
    }
  }

  /** Sends the request, and once more if a retry is safe and can help. */
  async function requestWithRetry(
    accessToken: string,
    client: ClientCredentials,
    deadline: Deadline,
  ): Promise<Attempt> {
    const first = await attempt(accessToken, client, deadline);
    const pause = pauseBeforeRetry(first, deadline.remainingMs(), Math.random());
    if (pause === undefined) return first;
    await sleep(pause);
    return attempt(accessToken, client, deadline);
  }

  async function attempt(
    accessToken: string,
    client: ClientCredentials,
    { signal }: Deadline,
  ): Promise<Attempt> {
    const { clientAuthentication, accept, parameters } = options;
    const authentication = await authenticate(client, clientAuthentication, now());
    const contentType = 'application/x-www-form-urlencoded';
    const headers = {
      ...authentication.headers,
      accept,
      'content-type': contentType,
      'user-agent': USER_AGENT,
    };
    // Encoded as a form, so that nothing in a value can add a parameter. The token comes last: what is
    // configured cannot replace it.
    const form = { ...parameters, ...authentication.parameters, token: accessToken };
    const body = new URLSearchParams(form).toString();
    try {
      const send = httpClientOf(client);
      const response = await send(endpoint, { method: 'POST', headers, body, signal });
      options.onResponse?.(response);
      return { response };
    } catch (error) {
      return { error };
    }
  }

  function unwrap(result: Attempt, { signal }: Deadline): HttpResponse {
    if ('response' in result) return result.response;
    const { error } = result;
    if (error instanceof Fault) throw error;
    if (isResponseRefused(error)) throw invalidResponse(error.message, { cause: error });
    const code = errorCode(error);
    if (signal.aborted) {
      throw timedOut(`${endpoint.host} did not respond within ${timeoutSeconds} s`, error);
    }
    const advice = connectionAdvice(code, 'introspection.endpoint');
    if (code === 'ETIMEDOUT') {
      throw timedOut(`connecting to ${endpoint.host} timed out`, error, advice);
    }
    if (isCertificateRejected(error)) {
      const detail = `${endpoint.host} refused our certificate (${code})`;
      throw new Fault('introspection_rejected_client', detail, { cause: error });
    }
    const detail = `the request to ${endpoint.host} failed: ${code}`;
    throw new Fault('introspection_unreachable', detail, { cause: error, advice });
  }
}

function timedOut(detail: string, cause: unknown, advice?: string): Fault {
  return new Fault('introspection_timed_out', detail, { cause, advice });
}

/** Returns a function that keeps one HTTP client, and replaces it when the client certificate changes. */
function httpClientFor({ caBundle: ca }: IntrospectionClientOptions) {
  let kept: { send: HttpClient; certificate: string | undefined } | undefined;
  return (client: ClientCredentials): HttpClient => {
    const own: OwnCertificate =
      client.kind === 'certificate' ? { cert: client.certificate, key: client.privateKey } : {};
    if (kept === undefined || kept.certificate !== own.cert) {
      assertUsable(own);
      kept = { send: createHttpClient({ ca, ...own }), certificate: own.cert };
    }
    return kept.send;
  };
}

type OwnCertificate = Pick<TlsOptions, 'cert' | 'key'>;

/** @throws Fault `credentials_invalid`: when connecting, it would look like a fault of the server. */
function assertUsable(own: OwnCertificate): void {
  if (own.cert === undefined) return;
  try {
    createSecureContext(own);
  } catch (error) {
    const detail = `the certificate and its key cannot be used (${errorCode(error)})`;
    throw new Fault('credentials_invalid', detail);
  }
}
