import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
} from 'node:crypto';

/** First byte of every sealed entry; another format takes another version. */
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * What one deployment may share entries on: whatever shapes the facts, so that two configurations
 * never read each other's.
 */
export type CacheIdentity = readonly string[];

/** What an entry is bound to; an entry with any other binding does not open. */
export interface Binding {
  readonly id: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/**
 * The id under which an access token's entry is found. A digest: it reveals nothing of the token, and
 * every part is prefixed by its length, so that no two sets of parts have the same form.
 */
export function entryId(identity: CacheIdentity, accessToken: string): string {
  return createHash('sha256')
    .update(lengthPrefixed([...identity, accessToken]))
    .digest('base64url');
}

/** The deployment's key, from the secret that only the function can read. */
export function deploymentKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'phantom-token-authorizer token cache', 32));
}

/**
 * The key of one access token's entry. It takes the deployment's key *and* the access token: whoever
 * reads the table can open nothing, and whoever holds a token and writes to the table can forge nothing.
 */
export function entryKey(deployment: Buffer, identity: CacheIdentity, accessToken: string): Buffer {
  return createHmac('sha256', deployment)
    .update(lengthPrefixed([...identity, accessToken]))
    .digest();
}

/** Seals with AES-256-GCM: version, nonce, ciphertext, tag. */
export function seal(text: string, key: Buffer, binding: Binding): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(binding));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), nonce, sealed, cipher.getAuthTag()]);
}

/** Opens what `seal` made; `undefined` for anything else, whoever wrote it. */
export function unseal(entry: Uint8Array, key: Buffer, binding: Binding): string | undefined {
  if (entry.length < 1 + NONCE_BYTES + TAG_BYTES || entry[0] !== VERSION) return undefined;
  const nonce = entry.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(binding));
  decipher.setAuthTag(entry.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(entry.subarray(1 + NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function associatedData({ id, expiresAt }: Binding): Buffer {
  return lengthPrefixed([String(VERSION), id, String(expiresAt)]);
}

function lengthPrefixed(parts: readonly string[]): Buffer {
  const encoded = parts.flatMap((part) => {
    const bytes = Buffer.from(part, 'utf8');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(encoded);
}
