import { promisify } from 'node:util';
import type { ZlibOptions } from 'node:zlib';
import { HttpError } from './error';

/** The coding's name in `node:zlib`, which is loaded when it is needed: a cold start would pay for it. */
const decoders = {
  gzip: 'gunzip',
  'x-gzip': 'gunzip',
  deflate: 'inflate',
  br: 'brotliDecompress',
} as const;

/**
 * Undoes a content coding. We ask for none, but servers and the proxies before them apply some.
 *
 * @param limit of the decoded body, in bytes: a small body may hold a large one.
 * @throws HttpError `response_malformed`.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
export async function decodeBody(
  body: Buffer,
  contentEncoding: string | undefined,
  limit: number,
): Promise<Buffer> {
  const coding = contentEncoding?.trim().toLowerCase() ?? 'identity';
  if (coding === 'identity' || coding === '' || body.length === 0) return body;
  const decoder = Object.hasOwn(decoders, coding) && decoders[coding as keyof typeof decoders];
  if (!decoder) throw malformed('the response has an unknown content coding');
  const zlib = await import('node:zlib');
  try {
    const decode: (body: Buffer, options: ZlibOptions) => Promise<Buffer> = promisify(
      zlib[decoder],
    );
    return await decode(body, { maxOutputLength: limit });
  } catch (cause) {
    throw malformed(`the response is not valid ${coding}, or too large`, cause);
  }
}

function malformed(message: string, cause?: unknown): HttpError {
  return new HttpError('response_malformed', message, { cause });
}
