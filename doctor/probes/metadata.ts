import { type Metadata, metadataUrls, readMetadata } from '../metadata';
import { get, type Reply, type TimedResponse } from './get';

/** Discovery document, if one was found, and the responses that were received while looking for it. */
export interface Discovery {
  readonly document: Metadata | undefined;
  readonly replies: readonly TimedResponse[];
  /** URLs at which the document was looked for. */
  readonly urls: readonly URL[];
}

interface Server {
  readonly issuer: string | undefined;
  readonly endpoint: string | undefined;
  /** PEM of the only authorities to trust. */
  readonly ca: string | undefined;
}

/** Looks for the discovery document of an authorization server, at all places at once. Never rejects. */
export async function discover({ issuer, endpoint, ca }: Server): Promise<Discovery> {
  const urls = metadataUrls(issuer, endpoint);
  const replies = await Promise.all(urls.map((url) => get(url, { ca })));
  const documents = replies.flatMap((reply, index) => {
    const url = urls[index];
    const document = url && isResponse(reply) ? readMetadata(url, reply.response) : undefined;
    return document ?? [];
  });
  return { document: documents[0], replies: replies.filter(isResponse), urls };
}

function isResponse(reply: Reply): reply is TimedResponse {
  return 'response' in reply;
}
