import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import {
  type ClientAuthentication,
  type ClientCredentials,
  isCacheKeyWeak,
} from '../../lambda/core/client-credentials';
import { Fault } from '../../lambda/core/errors';
import { authenticate } from '../../lambda/io/authorization-server/client-authentication';
import { type Finding, fault, ok, warn } from '../check';

/** Time before the expiry of a certificate from which it is reported, in seconds. */
export const EXPIRES_SOON_SECONDS = 14 * 86_400;

const HOW_TO_SET =
  'Set INTROSPECTION_CLIENT_ID and INTROSPECTION_CLIENT_SECRET, or INTROSPECTION_CREDENTIALS to the JSON of the secret that the output CredentialsSecretArn names.';

/** Returns the finding for credentials that were not given. */
export function missingCredentials(): Finding {
  return fault('the credentials of the introspection client are not set', HOW_TO_SET);
}

/**
 * Checks that credentials can be used with the method of client authentication.
 *
 * @param now epoch seconds.
 */
export async function checkCredentials(
  credentials: ClientCredentials,
  authentication: ClientAuthentication,
  now: number,
): Promise<Finding[]> {
  try {
    await authenticate(credentials, authentication, now);
  } catch (error) {
    return [faultOfCredentials(error)];
  }
  return [
    ok(`complete for ${authentication.method}`),
    ...whiteSpace(credentials),
    ...weakKey(credentials),
    ...(credentials.kind === 'certificate' ? certificate(credentials, now) : []),
  ];
}

/** Returns the finding for credentials that the authorizer would refuse. */
export function faultOfCredentials(error: unknown): Finding {
  return error instanceof Fault
    ? fault(error.message, error.advice)
    : fault('the credentials cannot be used', HOW_TO_SET);
}

function whiteSpace({ clientId, secret, kind }: ClientCredentials): Finding[] {
  const members = [
    { name: 'client_id', value: clientId },
    ...(kind === 'secret' ? [{ name: 'client_secret', value: secret }] : []),
  ];
  return members
    .filter(({ value }) => value !== value.trim())
    .map(({ name }) =>
      warn(
        `${name} begins or ends with white space`,
        `Remove the white space around ${name}, unless the authorization server has it too.`,
      ),
    );
}

function weakKey(credentials: ClientCredentials): Finding[] {
  if (!isCacheKeyWeak(credentials)) return [];
  return [
    warn(
      'the token cache is sealed with a secret of fewer than 32 characters',
      'Add a member cache_key to the secret (openssl rand -base64 32).',
    ),
  ];
}

function certificate(
  credentials: Extract<ClientCredentials, { kind: 'certificate' }>,
  now: number,
): Finding[] {
  const advice =
    'Set the members certificate and private_key of the secret to a valid pair in PEM.';
  try {
    createSecureContext({ cert: credentials.certificate, key: credentials.privateKey });
    const { validTo } = new X509Certificate(credentials.certificate);
    const remaining = Date.parse(validTo) / 1000 - now;
    if (remaining <= 0) return [fault('the client certificate has expired', advice)];
    return remaining < EXPIRES_SOON_SECONDS
      ? [warn(`the client certificate expires in ${Math.floor(remaining / 86_400)} days`, advice)]
      : [];
  } catch {
    return [fault('the client certificate and its key cannot be used together', advice)];
  }
}
