import { MAX_RESULT_BYTES, toAuthorizerResult } from '../../lambda/core/authorizer-result';
import { cacheLifetime } from '../../lambda/core/cache-lifetime';
import type { AuthorizerConfig } from '../../lambda/core/config';
import { type Decision, decide, unauthorized } from '../../lambda/core/decision';
import { Fault } from '../../lambda/core/errors';
import type { ResultFormat } from '../../lambda/core/gateway-request';
import type { Introspection } from '../../lambda/core/introspection-response';
import { hasExpiry } from '../../lambda/core/phantom-token';
import { requiredClaims } from '../../lambda/core/required-claims';
import type { DeploymentConfig } from '../../lib/stack/config/schema';
import { type Finding, fault, info, ok, warn } from '../check';
import { denialFinding } from '../denial-advice';
import { type ProtectedRoute, protectedRoutes } from '../routes';

interface Context {
  readonly config: DeploymentConfig;
  readonly settings: AuthorizerConfig;
  /** Epoch seconds. */
  readonly now: number;
}

/** Share of the maximum size of a result from which it is reported. */
const LARGE = 0.8;

/** Maximum number of routes that are named. */
const MAX_NAMED_ROUTES = 5;

/** Checks the decisions about a real token: each protected route's, the size of the result, and its lifetimes. */
export function checkToken(introspection: Introspection, context: Context): Finding[] {
  const { config, settings, now } = context;
  const routes = protectedRoutes(config);
  const { senderConstraint } = settings.token;
  const decisions = routes.map((route) => ({
    route,
    decision: decide(
      introspection,
      { ...settings.token, scopes: route.scopes },
      now,
      // Proofs belong to requests, of which there is none here.
      senderConstraint !== 'refuse',
    ),
  }));
  const isBound = 'facts' in introspection && introspection.facts.claims.senderConstrained;
  if (senderConstraint === 'require' && 'facts' in introspection && !isBound) {
    const decision = unauthorized('token_not_sender_constrained');
    return [denialFinding(decision, introspection, context)];
  }
  const denied = decisions.find(({ decision }) => decision.outcome === 'unauthorized');
  if (denied) return [denialFinding(denied.decision, introspection, context)];
  const allowed = decisions.filter(({ decision }) => decision.outcome === 'allow');
  const forbidden = decisions.filter(({ decision }) => decision.outcome === 'forbidden');
  return [
    ...routeFindings(
      allowed.length,
      forbidden.map(({ route }) => route),
    ),
    ...(forbidden[0] && allowed.length === 0
      ? [denialFinding(forbidden[0].decision, introspection, context)]
      : []),
    ...(allowed[0] ? [sizeFinding(allowed[0].decision, context)] : []),
    ...lifetimeFindings(introspection, context),
  ];
}

function routeFindings(allowed: number, forbidden: readonly ProtectedRoute[]): Finding[] {
  const total = allowed + forbidden.length;
  if (forbidden.length === 0) return [ok(`the token may call every protected route (${total})`)];
  const named = forbidden
    .slice(0, MAX_NAMED_ROUTES)
    .map(
      ({ name, scopes }) => `${name} needs ${scopes.map((list) => list.join(' ')).join(' or ')}`,
    );
  const more = forbidden.length > named.length ? ', …' : '';
  return [
    info(`the token may call ${allowed} of ${total} protected routes; ${named.join(', ')}${more}`),
  ];
}

function sizeFinding(decision: Decision, { config }: Context): Finding {
  const format: ResultFormat =
    config.api.type === 'HTTP'
      ? { api: 'HTTP', format: 'simple' }
      : { api: 'REST', format: 'policy', stageArn: SAMPLE_STAGE_ARN };
  try {
    const result = toAuthorizerResult(decision, format, config.api.usageIdentifierClaim);
    const bytes = Buffer.byteLength(JSON.stringify(result));
    const message = `the authorizer result has ${bytes} of at most ${MAX_RESULT_BYTES} bytes`;
    return bytes < MAX_RESULT_BYTES * LARGE
      ? ok(message)
      : warn(message, 'Have the authorization server issue smaller JWTs before they grow.');
  } catch (error) {
    return error instanceof Fault ? fault(error.message, error.advice) : fault('internal error');
  }
}

/** ARN of the length that the ARN of a stage has. */
const SAMPLE_STAGE_ARN = 'arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/prod/*';

function lifetimeFindings(introspection: Introspection, { settings, now }: Context): Finding[] {
  if ('invalid' in introspection) return [];
  const { facts } = introspection;
  const { exp } = facts.claims;
  const { cache, token, scopeRules } = settings;
  const limits = { ...cache, requiredClaims: requiredClaims({ token, scopeRules }) };
  const seconds = Math.floor(cacheLifetime(introspection, limits, now));
  const cached =
    seconds > 0 || cache.maxTtlSeconds === 0
      ? ok(`it is cached for ${seconds} s at most`)
      : warn(
          "the server's Cache-Control forbids caching, so every cache miss is introspected",
          'Set cache.cacheControl to "ignore", if the delay of revocations is acceptable.',
        );
  const expiry = exp === undefined ? [] : [ok(`it expires in ${Math.floor(exp - now)} s`)];
  if (hasExpiry(facts)) return [...expiry, cached];
  return [
    ...expiry,
    cached,
    warn(
      'the JWT has no claim exp',
      'Have the authorization server add exp to its JWTs: without it they are valid forever for the upstream.',
    ),
  ];
}
