import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { invalidResponse } from '../core/errors';

const decoders = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Undoes a content coding. We ask for none, but servers and the proxies before them apply some.
 *
 * @param limit of the decoded body, in bytes: a small body may hold a large one.
 * @throws Fault `introspection_response_invalid`.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
export async function decodeBody(
  body: Buffer,
  contentEncoding: string | undefined,
  limit: number,
): Promise<Buffer> {
  const coding = contentEncoding?.trim().toLowerCase() ?? 'identity';
  if (coding === 'identity' || coding === '' || body.length === 0) return body;
  const decode = Object.hasOwn(decoders, coding) && decoders[coding as keyof typeof decoders];
  if (!decode) throw invalidResponse('the answer has a content coding that is not known');
  try {
    return await decode(body, { maxOutputLength: limit });
  } catch (cause) {
    throw invalidResponse(`the answer is no valid ${coding}, or too large`, { cause });
  }
}
