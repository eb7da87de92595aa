import type { Claims } from '../lambda/core/claims';
import { compareIdentifying } from '../lambda/core/comparison';
import type { Decision, DenialReason } from '../lambda/core/decision';
import type { Introspection } from '../lambda/core/introspection-response';
import type { DeploymentConfig } from '../lib/stack/config/schema';
import { type Finding, fault } from './check';
import { serverKind } from './server-kind';

interface Context {
  readonly config: DeploymentConfig;
}

/** Returns the finding for a denied token: the reason, both sides of the check, and the config key to look at. */
export function denialFinding(
  decision: Decision,
  introspection: Introspection,
  { config }: Context,
): Finding {
  if (decision.outcome === 'allow') return fault('the token is allowed');
  const { reason } = decision;
  const claims = 'facts' in introspection ? introspection.facts.claims : undefined;
  return fault(`${reason}${comparisonOf(decision, claims, config)}`, adviceFor(reason, config));
}

/** Returns both sides of the check that failed. Identities among received values are masked. */
function comparisonOf(
  decision: Exclude<Decision, { outcome: 'allow' }>,
  claims: Claims | undefined,
  { operations }: DeploymentConfig,
): string {
  const { comparison, reason } = decision;
  if (comparison === undefined) return '';
  const { expected, received, identifying } = comparison;
  const shown = identifying ? maskedValues(reason, claims) : received;
  const got = identifying && !operations.logIdentities ? '(not shown)' : shown;
  return `: got ${got}, expected ${expected}`;
}

function maskedValues(reason: DenialReason, claims: Claims | undefined): string {
  const values = reason === 'audience_mismatch' ? claims?.aud : claims?.scopes;
  const isIdentity = (value: string) => value === claims?.sub || value === claims?.clientId;
  const masked = values?.map((value) => (isIdentity(value) ? '(the client or user)' : value));
  return compareIdentifying(undefined, masked).received;
}

function adviceFor(reason: DenialReason, config: DeploymentConfig): string {
  switch (reason) {
    case 'token_inactive':
      return inactiveAdvice(config);
    case 'token_expired':
      return 'Get a new token, or check the clocks.';
    case 'token_not_yet_valid':
      return 'Check the clocks; token.notBeforeToleranceSeconds is the tolerance for nbf.';
    case 'token_not_access_token':
      return 'Send an access token: this is another kind of token.';
    case 'token_sender_constrained':
      return 'Have the authorization server issue plain bearer tokens for this API, or set token.senderConstraint: this one is bound to its sender (cnf).';
    case 'token_not_sender_constrained':
      return 'Have the authorization server bind tokens for this API to their senders (DPoP, mutual TLS), or set token.senderConstraint to accept.';
    case 'issuer_mismatch':
      return 'Set token.issuer to the issuer in the token, if it is the right server: it is compared character by character.';
    case 'audience_mismatch':
      return 'Set token.audience to an audience of the token, or have the authorization server put token.audience into it.';
    case 'signature_invalid':
      return 'Check token.jwksUri: its keys did not sign this JWT, so it can be of another realm or tenant.';
    case 'insufficient_scope':
      return 'Get a token with the scopes, or compare api.scopes and the scopes of api.routes with those that the server grants.';
    case 'access_token_missing':
    case 'credential_malformed':
      return 'The file must hold one access token and nothing else.';
    default:
      return 'This is about the proof of a request: see docs/sender-constrained-tokens.md.';
  }
}

/** @see https://www.keycloak.org/docs/latest/upgrading/#migrating-to-26-6-2 */
function inactiveAdvice({ introspection, token }: DeploymentConfig): string {
  const general =
    'Get a new token, if it expired or was revoked. Otherwise check that it is of the same realm or tenant as introspection.endpoint, and that its audience contains the introspection client (Keycloak since 26.6.2, ZITADEL).';
  if (serverKind(introspection.endpoint) !== 'keycloak') return general;
  const issuer = token.issuer !== undefined && URL.canParse(token.issuer) ? token.issuer : '';
  const { host } = new URL(introspection.endpoint);
  return issuer !== '' && new URL(issuer).host !== host
    ? `${general} Keycloak calls tokens inactive that were issued under another host name than ${host}: set its option hostname.`
    : general;
}
