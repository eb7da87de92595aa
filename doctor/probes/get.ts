import { errorCode } from '../../lambda/core/error-code';
import type { HttpResponse } from '../../lambda/core/http-response';
import { createHttpClient } from '../../lambda/io/http/client';
import { withDeadline } from '../../lambda/io/http/deadline';
import { USER_AGENT } from '../../lambda/io/http/user-agent';

/** Deadline of a request, in milliseconds. */
const TIMEOUT_MS = 2500;

/** Maximum length of a document, in bytes: key sets can exceed 64 KB. */
const MAX_DOCUMENT_BYTES = 1_048_576;

/** Response with the times around it, in epoch seconds. */
export interface TimedResponse {
  readonly response: HttpResponse;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** Response to a GET request, or the error code of Node.js or OpenSSL. */
export type Reply = TimedResponse | { readonly failure: string };

interface GetOptions {
  /** PEM of the only authorities to trust. @default - those that Node.js trusts */
  readonly ca?: string | undefined;
  readonly accept?: string;
}

/** Sends a GET request without credentials, with the HTTP client of the authorizer. Never rejects. */
export async function get(url: URL, { ca, accept }: GetOptions = {}): Promise<Reply> {
  const send = createHttpClient({ ca });
  const headers = {
    accept: accept ?? 'application/json',
    'user-agent': USER_AGENT,
    connection: 'close',
  };
  const request = { method: 'GET', headers, maxResponseBytes: MAX_DOCUMENT_BYTES } as const;
  const sentAt = Date.now() / 1000;
  try {
    const response = await withDeadline(TIMEOUT_MS, ({ signal }) =>
      send(url, { ...request, signal }),
    );
    return { response, sentAt, receivedAt: Date.now() / 1000 };
  } catch (error) {
    return { failure: errorCode(error) };
  }
}
