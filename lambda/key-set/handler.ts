import { SigningVariable as Variable } from '../contract';
import { createKms, createSystemsManager } from '../io/aws/services';
import { createHttpClient } from '../io/http/client';
import { steadyNow } from '../io/steady-clock';
import { createDocumentHandler, keySetDocuments } from './documents';
import { metadataDocuments } from './metadata-documents';
import { publicKeysOfKms, publicKeysOfParameter, type ReadPublicKeys } from './public-keys';
import { createRefreshed } from './refreshed';

/** Lambda handler: the key set of phantom tokens and the metadata of their issuer, or metadata for clients. */
export const handler = createDocumentHandler(
  metadataDocuments(process.env, { send: createHttpClient(), now: steadyNow }) ??
    keySetDocuments(
      createRefreshed(publicKeys(process.env), steadyNow),
      process.env[Variable.issuer] ?? '',
    ),
);

function publicKeys(environment: NodeJS.ProcessEnv): ReadPublicKeys {
  const { [Variable.keySetParameter]: parameter, [Variable.publishedKmsKeyArns]: kmsKeys } =
    environment;
  if (parameter) return publicKeysOfParameter(createSystemsManager(environment), parameter);
  if (kmsKeys) return publicKeysOfKms(createKms(environment), kmsKeys);
  throw new Error(`${Variable.keySetParameter} or ${Variable.publishedKmsKeyArns} must be set`);
}
