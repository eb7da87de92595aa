import type { ServedRequest } from '../../requests/served-request';
import type { Check } from './model';
import type { Requirements } from './requirements';

/** Claims of a phantom token. */
export type Claims = Readonly<Record<string, unknown>>;

interface CheckDefinition {
  readonly name: string;
  /** Reasons of denials by the check. */
  readonly reasons: readonly string[];
  /** Returns what the check expects; `undefined` if it is off. */
  expected(requirements: Requirements): string | undefined;
  /** Returns what the check compares. */
  received(claims: Claims, requirements: Requirements): string | undefined;
}

/** Check of the sender, whose place depends on the configuration. */
export const SENDER: CheckDefinition = {
  name: 'sender',
  reasons: [
    'token_sender_constrained',
    'token_not_sender_constrained',
    'credential_scheme_mismatch',
    'dpop_proof_missing',
    'dpop_proof_invalid',
    'dpop_proof_replayed',
    'client_certificate_missing',
    'client_certificate_invalid',
    'client_certificate_mismatch',
  ],
  expected: ({ senderConstraint }) =>
    senderConstraint === 'refuse' ? 'not bound to its sender' : 'proof of possession',
  received: ({ cnf }) => (cnf === undefined ? 'not bound' : `bound: ${JSON.stringify(cnf)}`),
};

/** Checks in the order of the authorizer, except for that of the sender. */
export const CHECKS: readonly CheckDefinition[] = [
  {
    name: 'credential',
    reasons: ['access_token_missing', 'credential_malformed'],
    expected: () => 'one bearer token',
    received: () => 'one bearer token',
  },
  {
    name: 'active',
    reasons: ['token_inactive'],
    expected: () => 'active',
    received: () => 'active',
  },
  {
    name: 'signature',
    reasons: ['signature_invalid'],
    expected: ({ jwksUri }) => jwksUri && `a key of ${jwksUri}`,
    received: () => 'valid',
  },
  {
    name: 'expiry',
    reasons: ['token_expired'],
    expected: () => 'in the future',
    received: ({ exp }) => time(exp),
  },
  {
    name: 'not before',
    reasons: ['token_not_yet_valid'],
    expected: () => 'absent or in the past',
    received: ({ nbf }) => time(nbf) ?? 'absent',
  },
  {
    name: 'kind of token',
    reasons: ['token_not_access_token'],
    expected: () => 'access token',
    received: () => 'access token',
  },
  {
    name: 'issuer',
    reasons: ['issuer_mismatch'],
    expected: ({ issuer }) => issuer,
    received: ({ iss }) => text(iss),
  },
  {
    name: 'audience',
    reasons: ['audience_mismatch'],
    expected: ({ audience }) => audience?.join(' or '),
    received: ({ aud }) => text(aud),
  },
  {
    name: 'tool',
    reasons: ['mcp_version_refused', 'mcp_header_invalid', 'mcp_tool_not_configured'],
    expected: ({ tools }) => tools?.map((tool) => (tool === '*' ? 'any' : tool)).join(' or '),
    received: (_, { tool }) => tool ?? 'none',
  },
  {
    name: 'scope',
    reasons: ['insufficient_scope'],
    expected: ({ scopes }) => scopes?.map((list) => list.join(' ') || 'none').join(' or '),
    received: ({ scope }) => text(scope),
  },
];

/**
 * Returns the checks of the authorizer with their verdicts. They follow from the reason of the decision, since the
 * first check that fails decides.
 */
export function checksOf(
  { log, source }: Pick<ServedRequest, 'log' | 'source'>,
  requirements: Requirements,
  claims: Claims,
): readonly Check[] {
  const { reason, expected, received, fault } = log;
  // After a fault only the credential is known to be well-formed.
  const unreachedFrom = fault === undefined ? undefined : 'active';
  if (source === undefined && fault === undefined) return [];
  let isReached = true;
  return orderOf(requirements).map((check) => {
    const { name } = check;
    if (name === unreachedFrom) isReached = false;
    if (!isReached) return { name, verdict: 'unreached' };
    if (reason !== undefined && check.reasons.includes(reason)) {
      isReached = false;
      return {
        name,
        verdict: 'failed',
        expected: expected ?? check.expected(requirements),
        received,
      };
    }
    const wanted = check.expected(requirements);
    if (wanted === undefined) return { name, verdict: 'off' };
    return {
      name,
      verdict: 'passed',
      expected: wanted,
      received: check.received(claims, requirements),
    };
  });
}

/** Returns the checks in order. A sender that can be accepted is verified before the claims. */
function orderOf({ senderConstraint }: Requirements): readonly CheckDefinition[] {
  const before = senderConstraint === 'refuse' ? 'issuer' : 'expiry';
  return CHECKS.flatMap((check) => (check.name === before ? [SENDER, check] : [check]));
}

function time(seconds: unknown): string | undefined {
  if (typeof seconds !== 'number') return undefined;
  const date = new Date(seconds * 1000);
  // Beyond the range of dates.
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

function text(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.join(' ') : String(value);
}
