import { z } from 'zod';
import { RESERVED_CLAIMS, UNMINTABLE_MEMBERS } from '../../lambda/contract';
import * as patterns from './prop-patterns';

// Schemas of single values, shared by the deployment config and the props of the constructs.

export const realm = z.string().regex(patterns.REALM, patterns.REALM_RULE);

export const scope = z.string().regex(patterns.SCOPE, patterns.SCOPE_RULE);

/** All scopes of a list, or those of any one of several lists. */
export const requiredScopes = z.union([z.array(scope), z.array(z.array(scope).min(1)).min(1)]);

/** Scopes by the name of an MCP tool. */
export const toolScopes = z
  .record(z.string().min(1), requiredScopes)
  .refine((tools) => Object.keys(tools).length > 0, 'must name one or more tools, or *');

export const pathPattern = z
  .string()
  .regex(
    /^\/$|^(\/([\w.:-]+|\{\w+\}))*\/([\w.:-]+|\{\w+\+?\})$/,
    'must be a path such as /orders/{id} or /files/{proxy+}',
  );

export const secretArn = z
  .string()
  .regex(
    /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/,
    'must be the complete ARN of a secret, including the last six characters',
  );

export const mediaType = z
  .string()
  .regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be one media type, such as application/jwt');

export const origin = z.string().regex(patterns.ORIGIN, patterns.ORIGIN_RULE);

export const phantomTokenHeader = z
  .string()
  .regex(patterns.HEADER_NAME, 'must be a header name')
  .refine(
    (name) => !patterns.RESERVED_HEADER.test(name),
    'must be a header that HTTP APIs do not reserve',
  );

export const nonEmpty = z.string().min(1);

export const nonEmptyList = z.array(nonEmpty).min(1);
export const NON_EMPTY_LIST_RULE = 'must be a list of one or more non-empty strings';

/** One string, or a list of one or more strings. */
export const oneOrMore = z
  .union([nonEmpty, nonEmptyList])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** Parameters of the introspection request that only the authorizer sets. */
const RESERVED_PARAMETERS = [
  'token',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
];

export const introspectionParameters = z
  .record(nonEmpty, z.string())
  .superRefine((given, context) => {
    for (const name of RESERVED_PARAMETERS.filter((reserved) => Object.hasOwn(given, reserved))) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'must not be set: the authorizer sets it itself',
      });
    }
  });

export const introspectionTimeoutSeconds = z.number().positive().max(8);

export const notBeforeToleranceSeconds = z.number().min(0).max(600);

export const cacheMaxTtlSeconds = z.number().min(0).max(86_400);

export const cacheInactiveTtlSeconds = z.number().min(0).max(3600);

export const cacheTimeoutMilliseconds = z.int().min(5).max(1000);

/**
 * Warm throughput of the token cache. No table on demand takes less than that of a new one.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
 */
export const warmReadUnits = z.int().min(12_000);
export const warmWriteUnits = z.int().min(4000);

/**
 * More than the longest lifetime of a phantom token, so that each key is published as long as its tokens are in use.
 * Secrets Manager rotates at any time of a day, so that a period can be shorter by one day.
 */
export const signingKeyRotationDays = z.int().min(4).max(1000);

export const signingAlgorithm = z.enum(['ES256', 'EdDSA', 'PS256', 'RS256']);

/** Lifetime of a minted token: at most as long as a signing key stays published after it has signed. */
export const mintLifetimeSeconds = z.int().min(1).max(172_800);

export const MINTED_CLAIM_RULE =
  'must not be a claim that the authorizer sets itself, or that says nothing to upstreams';

export const mintedClaimName = nonEmpty.refine(
  (name) => !RESERVED_CLAIMS.includes(name),
  MINTED_CLAIM_RULE,
);

export const MINTABLE_MEMBER_RULE =
  'must be the path of a member that upstreams may see, such as ext.tenant';

export const mintableMember = nonEmpty.refine(
  (path) => !UNMINTABLE_MEMBERS.some((name) => path === name || path.startsWith(`${name}.`)),
  MINTABLE_MEMBER_RULE,
);

/** Claims by name, each with the path of the member that it is copied from. */
export const mintedClaims = z.record(nonEmpty, mintableMember).superRefine((given, context) => {
  for (const name of Object.keys(given).filter((it) => !mintedClaimName.safeParse(it).success)) {
    context.addIssue({ code: 'custom', path: [name], message: MINTED_CLAIM_RULE });
  }
});

/** Returns the schema of a URL that the deployment calls. `http:` is for loopback hosts in local mode. */
export function url(local: boolean): z.ZodString {
  return z
    .string()
    .superRefine((value, context) => {
      const message = urlIssue(value, local);
      if (message) context.addIssue({ code: 'custom', message });
    })
    .meta({ format: 'uri' });
}

/** Returns the schema of a URL for clients, without characters that are syntax in templates and challenges. */
export function publishedUrl(local: boolean): z.ZodString {
  return url(local).refine(
    (value) => !patterns.UNPUBLISHABLE.test(value),
    patterns.PUBLISHABLE_RULE,
  );
}

/** Returns the schema of a base URL under which clients call the API. */
export function baseUrl(local: boolean): z.ZodString {
  return publishedUrl(local).refine((value) => !value.endsWith('/'), 'must not end with a slash');
}

/** Returns the rule that the URL breaks, if any. */
function urlIssue(value: string, local: boolean): string | undefined {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  if (!parsed || !['https:', 'http:'].includes(parsed.protocol)) return 'must be an https: URL';
  if (parsed.username || parsed.password) return 'must not contain credentials';
  if (parsed.search || parsed.hash) return 'must not have a query or fragment';
  if (parsed.protocol === 'https:') return undefined;
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname);
  if (local && loopback) return undefined;
  return 'must be an https: URL (http: is accepted for loopback hosts in local mode only)';
}
