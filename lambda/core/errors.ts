/**
 * What can go wrong that is nobody's token. The code is stable: the same string is the log field and
 * the metric dimension.
 */
const advice = {
  configuration_invalid:
    'Correct the environment variables of the authorizer function: deploy again with a valid config.',
  credentials_invalid:
    'Set the secret to a JSON object with the members client_id and client_secret, both non-empty strings.',
  credentials_unavailable:
    'Check that the secret exists, that the function may call secretsmanager:GetSecretValue on it, and that Secrets Manager can be reached.',
  introspection_rejected_client:
    'The authorization server refused our own client credentials, not the caller: check client_id and client_secret in the secret, and that this client may introspect.',
  introspection_response_invalid:
    'Check that the introspection endpoint is the right one and answers Accept: application/jwt with the access token as a signed JWT.',
  introspection_unavailable:
    'The authorization server is overloaded or failing: check its health and its rate limits for our client.',
  introspection_unreachable:
    'Check that the authorization server is up and that the function has a network path to it (VPC, DNS, TLS).',
  phantom_token_too_large:
    'API Gateway takes at most 8 KB from an authorizer: have the authorization server issue smaller JWTs.',
  method_arn_invalid:
    'The event is not one of a REST API REQUEST authorizer: attach this function to API Gateway as such.',
} as const;

/** @see advice above: one sentence for the operator belongs to each code. */
export type FaultCode = keyof typeof advice;

/**
 * An error of the deployment or of a system we depend on. It never says anything about the caller's
 * access token, so it is never answered with 401, and it never carries a token, JWT or secret.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly advice: string;

  constructor(code: FaultCode, detail: string, options?: { cause?: unknown }) {
    super(`${code}: ${detail}`, options);
    this.code = code;
    this.advice = advice[code];
  }
}
