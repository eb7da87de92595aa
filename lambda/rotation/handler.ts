import { SigningVariable as Variable } from '../contract';
import { isSigningAlgorithm } from '../core/jwk';
import { createSecretsManager, createSystemsManager } from '../io/aws/services';
import { systemClock } from '../io/system-clock';
import { createSigningKey } from './key-pair';
import { PublishedKeySet } from './published-key-set';
import { createRotation } from './rotation';
import { SigningSecret } from './signing-secret';

const environment = process.env;
const secretArn = required(Variable.secretArn);
const algorithm = required(Variable.algorithm);
if (!isSigningAlgorithm(algorithm)) {
  throw new Error(`${Variable.algorithm} must be a signature algorithm, got: ${algorithm}`);
}

/** Lambda handler: the rotation of the signing keys. */
export const handler = createRotation({
  secretArn,
  secret: new SigningSecret(createSecretsManager(environment), secretArn),
  published: new PublishedKeySet(
    createSystemsManager(environment),
    required(Variable.keySetParameter),
  ),
  createKey: () => createSigningKey(algorithm),
  now: () => Math.floor(systemClock.now()),
});

function required(name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`${name} must be set`);
  return value;
}
