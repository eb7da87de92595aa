import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root';

/** File with the private key, which `global-setup.ts` writes once in each clone. */
const FILE = join(ROOT, 'dist', 'test', 'rsa-key.pem');

/** Returns the RSA key pair of all tests, of 2048 bits. Generating one takes a third of a second. */
export function rsaKey() {
  const privateKey = createPrivateKey(readFileSync(FILE));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}
