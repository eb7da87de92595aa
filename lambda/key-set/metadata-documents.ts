import { KeySetPath, MetadataVariable as Variable } from '../contract';
import { parseJsonObject } from '../core/json';
import type { HttpClient } from '../io/http/client';
import { withDeadline } from '../io/http/deadline';
import { USER_AGENT } from '../io/http/user-agent';
import type { Documents } from './documents';
import { createRefreshed } from './refreshed';

/** Timeout of a request to the authorization server, in milliseconds. */
const TIMEOUT_MS = 2000;

interface Dependencies {
  readonly send: HttpClient;
  /** Seconds of a clock that never steps back. */
  readonly now: () => number;
}

/** Returns the metadata documents that the environment names; `undefined` if it names none. */
export function metadataDocuments(
  environment: Readonly<Record<string, string | undefined>>,
  { send, now }: Dependencies,
): Documents | undefined {
  const { [Variable.documents]: fixed, [Variable.authorizationServer]: url } = environment;
  if (fixed === undefined && url === undefined) return undefined;
  const documents = Object.entries(parseJsonObject(fixed ?? '{}') ?? {}).map(
    ([path, document]) => [path, async () => document as object] as const,
  );
  return {
    ...Object.fromEntries(documents),
    ...(url !== undefined && {
      [KeySetPath.metadata]: createRefreshed(() => fetchMetadata(send, new URL(url)), now),
    }),
  };
}

async function fetchMetadata(send: HttpClient, url: URL): Promise<object> {
  const headers = { accept: 'application/json', 'user-agent': USER_AGENT };
  const { status, body } = await withDeadline(TIMEOUT_MS, ({ signal }) =>
    send(url, { method: 'GET', headers, signal }),
  );
  const metadata = status === 200 ? parseJsonObject(body.toString('utf8')) : undefined;
  // Of anything else, such as a page of a proxy, the issuer would not be known.
  if (typeof metadata?.['issuer'] !== 'string') {
    throw new Error(`${url.host} must return metadata with an issuer, got: status ${status}`);
  }
  return metadata;
}
