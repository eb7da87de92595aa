import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** First byte of every sealed entry; another format takes another version. */
const VERSION = 3;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** Size of the length before each part. */
const LENGTH_BYTES = 4;

/**
 * Everything that shapes the facts of a deployment. Two configurations that differ in it never read each
 * other's entries.
 */
export type CacheIdentity = readonly string[];

/** Data that an entry is bound to. An entry with any other binding does not open. */
export interface Binding {
  /** Id of the item that holds the entry. */
  readonly id: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** Naming and authenticated encryption of entries, for one secret and one configuration. */
export interface Sealing {
  /**
   * Returns the id of an access token's entry. Deriving it takes the secret: a reader of the table cannot
   * test whether a known token has an entry.
   */
  entryId(accessToken: string): string;
  /** Seals with AES-256-GCM: version, nonce, ciphertext, tag. */
  seal(accessToken: string, text: string, binding: Binding): Buffer;
  /** Opens an entry that `seal` returned. Returns `undefined` for anything else. */
  open(accessToken: string, entry: Uint8Array, binding: Binding): string | undefined;
}

/**
 * Creates the sealing of one deployment. Each entry has its own key, derived from the deployment's secret
 * *and* the access token: a reader of the table cannot open entries, and a holder of a token who can write
 * to the table cannot forge them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5869
 */
export function createSealing(secret: string, identity: CacheIdentity): Sealing {
  const derive = (use: string) =>
    Buffer.from(hkdfSync('sha256', secret, '', `phantom-token-authorizer ${use}`, KEY_BYTES));
  const [lookupKey, sealingKey] = [derive('token cache id'), derive('token cache entry')];
  // Every part is prefixed by its length, so that no two sets of parts have the same form.
  const prefix = lengthPrefixed([...identity]);
  const mac = (key: Buffer, accessToken: string) =>
    createHmac('sha256', key)
      .update(prefix)
      .update(lengthPrefixed([accessToken]));

  return {
    entryId: (accessToken) => mac(lookupKey, accessToken).digest('base64url'),
    seal: (accessToken, text, binding) =>
      encrypt(text, mac(sealingKey, accessToken).digest(), binding),
    open: (accessToken, entry, binding) =>
      decrypt(entry, mac(sealingKey, accessToken).digest(), binding),
  };
}

function encrypt(text: string, key: Buffer, binding: Binding): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  // Stryker disable next-line ObjectLiteral: the default length is the same
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(binding));
  const ciphertext = cipher.update(text, 'utf8');
  return Buffer.concat([
    Buffer.of(VERSION),
    nonce,
    ciphertext,
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

function decrypt(entry: Uint8Array, key: Buffer, binding: Binding): string | undefined {
  if (entry.length < 1 + NONCE_BYTES + TAG_BYTES || entry[0] !== VERSION) return undefined;
  const nonce = entry.subarray(1, 1 + NONCE_BYTES);
  // Stryker disable next-line ObjectLiteral: a second check of the tag's length, after the one of the entry
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(binding));
  decipher.setAuthTag(entry.subarray(-TAG_BYTES));
  try {
    const ciphertext = entry.subarray(1 + NONCE_BYTES, -TAG_BYTES);
    const text = decipher.update(ciphertext, undefined, 'utf8');
    // Verifies the tag. GCM has no bytes left to return.
    decipher.final();
    return text;
  } catch {
    return undefined;
  }
}

function associatedData({ id, expiresAt }: Binding): Buffer {
  return lengthPrefixed([String(VERSION), id, String(expiresAt)]);
}

function lengthPrefixed(parts: readonly string[]): Buffer {
  const size = parts.reduce((sum, part) => sum + LENGTH_BYTES + Buffer.byteLength(part), 0);
  const encoded = Buffer.allocUnsafe(size);
  let end = 0;
  for (const part of parts) {
    const length = encoded.write(part, end + LENGTH_BYTES);
    encoded.writeUInt32BE(length, end);
    end += LENGTH_BYTES + length;
  }
  return encoded;
}
