/**
 * Codes of faults, with one sentence of advice for the operator each. A code is stable: the same string is the log field and the metric dimension.
 */
const advice = {
  configuration_invalid:
    'The environment variables of the authorizer function are not those that a deployment sets: deploy again with a valid config.',
  credentials_invalid:
    'Set the secret that the output CredentialsSecretArn (or introspection.credentialsSecretArn) names to a JSON object with the members that introspection.clientAuthentication takes.',
  credentials_unavailable:
    'Check that the secret that the output CredentialsSecretArn (or introspection.credentialsSecretArn) names exists in this region, that the function may call secretsmanager:GetSecretValue on it (and kms:Decrypt on its key, if it has its own), and that Secrets Manager can be reached.',
  event_invalid:
    'The function was invoked with an event that is not from a REQUEST authorizer. Attach it to API Gateway as a REQUEST authorizer.',
  introspection_rejected_client:
    'The authorization server rejected our own client credentials, not the caller: check the secret that the output CredentialsSecretArn (or introspection.credentialsSecretArn) names, introspection.clientAuthentication, and that this client may introspect.',
  introspection_response_invalid:
    'Check the introspection endpoint, and that its responses are of the configured kind: see introspection.response in the config.',
  introspection_timed_out:
    'The authorization server is too slow or drops our packets: check its health and the network path to it (VPC, security groups, DNS).',
  introspection_unavailable:
    'The authorization server is overloaded or failing: check its health and its rate limits for our client.',
  introspection_unreachable:
    'Check that the authorization server is up, that its name resolves, and that its certificate is valid and of a trusted authority.',
  phantom_token_too_large:
    'API Gateway takes at most 8 KB from an authorizer: have the authorization server issue smaller JWTs.',
  replay_guard_unavailable:
    'The table of the token cache failed, so that a DPoP proof could have been used before: check the table, its throttling, and the permissions of the function. Tokens that are not bound to their senders work meanwhile.',
  route_not_configured:
    'The authorizer is attached to a route that its rules do not cover: deploy again, with the route among those of the config or declared through the protection of its API.',
  signature_keys_unavailable:
    'Compare token.jwksUri with jwks_uri in the metadata of the authorization server, and check that it can be reached and holds the key that signed the JWT.',
  signing_keys_invalid:
    'Set the secret with the signing keys to {} and rotate it, which makes new keys: see "Replace the signing keys" in docs/signing-keys.md.',
  signing_keys_unavailable:
    'Check that the secret with the signing keys, or the KMS key, exists in this region, that the function may read it (secretsmanager:GetSecretValue, or kms:GetPublicKey), and that AWS can be reached.',
  signing_failed:
    'Check that the function may call kms:Sign, that the KMS key is enabled, and whether KMS throttles requests. With keys in a secret, rotate them: see "Replace the signing keys" in docs/signing-keys.md.',
  token_cache_unavailable:
    'The token is not invalidated: check the table and the permissions of the function, then invoke it again.',
} as const;

export type FaultCode = keyof typeof advice;

interface FaultOptions {
  readonly cause?: unknown;
  readonly status?: number;
  /** Advice for this cause. @default - that of the code */
  readonly advice?: string | undefined;
}

/**
 * An error of the deployment or of a system we depend on. It never says anything about the caller's
 * access token, so it never becomes a 401. It never contains a token, JWT or secret.
 */
export class Fault extends Error {
  // Lambda logs the name of the class, which minification would shorten.
  static override readonly name = 'Fault';
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly advice: string;
  /** HTTP status of the response, if there was one. */
  readonly status: number | undefined;

  constructor(
    code: FaultCode,
    detail: string,
    { cause, status, advice: special }: FaultOptions = {},
  ) {
    super(`${code}: ${detail}`, { cause });
    this.code = code;
    this.advice = special ?? advice[code];
    this.status = status;
  }
}

/** Returns the fault of a response that says neither that the token is active nor that it is not. */
export function invalidResponse(
  detail: string,
  options?: { readonly cause?: unknown; readonly status?: number },
): Fault {
  return new Fault('introspection_response_invalid', detail, options);
}
