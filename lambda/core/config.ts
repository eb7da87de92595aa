import {
  type SenderConstraint,
  SigningVariable,
  EnvironmentVariable as Variable,
} from '../contract';
import type { UsageIdentifierClaim } from './authorizer-result';
import type { CacheLimits } from './cache-lifetime';
import type { ClientAuthentication } from './client-credentials';
import {
  boolean,
  cacheControl,
  certificates,
  clientAuthentication,
  mediaType,
  nonEmpty,
  positive,
  seconds,
  secureUrl,
  senderConstraint,
  someStrings,
  stringMap,
  untyped,
  usageIdentifierClaim,
} from './config-values';
import { Fault } from './errors';
import type { ResponseRules } from './introspection-response';
import { type MintConfig, mintConfig } from './mint-config';
import { type ScopeRules, scopeRules } from './route';

/** Everything an operator can set, as the authorizer uses it. */
export interface AuthorizerConfig {
  readonly introspection: {
    readonly endpoint: URL;
    /** Timeout of an introspection, retries included. */
    readonly timeoutSeconds: number;
    /** Media type of the `Accept` header. */
    readonly accept: string;
    /** Form parameters in addition to the token. */
    readonly parameters: Readonly<Record<string, string>>;
    readonly response: ResponseRules;
    readonly clientAuthentication: ClientAuthentication;
    readonly credentialsSecretArn: string;
    /** PEM of the only authorities to trust; `undefined` for those that Node.js trusts. */
    readonly caBundle: string | undefined;
  };
  readonly token: {
    readonly issuer: string | undefined;
    /** Audience of APIs that have none of their own in `scopeRules`. */
    readonly audience: readonly string[];
    /** URL of the keys that verify signatures; `undefined` if only the upstream verifies them. */
    readonly jwksUri: URL | undefined;
    /** Seconds that the authorization server's clock can run ahead before `nbf` denies a new token. */
    readonly notBeforeToleranceSeconds: number;
    /** Treatment of tokens that are bound to their senders. */
    readonly senderConstraint: SenderConstraint;
  };
  /** Minting of phantom tokens; `undefined` if the authorization server issues them. */
  readonly mint: MintConfig | undefined;
  readonly cache: CacheLimits & {
    readonly table: string;
    /** Timeout of an operation of the token cache. */
    readonly timeoutMilliseconds: number;
    /** Coalescing: concurrent misses of a token in several environments cost one introspection. */
    readonly coalesceIntrospections: boolean;
  };
  /** Required scopes of each API's routes, and the APIs' own audiences. */
  readonly scopeRules: ScopeRules;
  /** Claim that identifies the usage plan of a request; `undefined` without usage plans. */
  readonly usageIdentifierClaim: UsageIdentifierClaim | undefined;
  /** `true` if log lines contain `sub` and `client_id`. */
  readonly logIdentities: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration from environment variables.
 *
 * @throws Fault `configuration_invalid` that lists every faulty variable at once.
 */
export function readConfig(environment: Environment): AuthorizerConfig {
  const faults: string[] = [];

  function read<T>(name: string, expected: string, parse: (text: string) => T | undefined): T {
    const text = environment[name];
    const value = text === undefined ? undefined : parse(text);
    if (value === undefined) faults.push(`${name} must be ${expected}`);
    // Never used when undefined: the collected faults are thrown before the config is returned.
    return value as T;
  }
  function optional<T>(name: string, expected: string, parse: (text: string) => T | undefined) {
    return environment[name] === undefined ? undefined : read(name, expected, parse);
  }

  const config: AuthorizerConfig = {
    introspection: {
      endpoint: read(
        Variable.introspectionEndpoint,
        'an https: URL without credentials',
        secureUrl,
      ),
      timeoutSeconds: read(Variable.introspectionTimeoutSeconds, 'more than 0 seconds', positive),
      accept: read(Variable.introspectionAccept, 'one media type', mediaType),
      parameters: read(Variable.introspectionParameters, 'a JSON object of strings', stringMap),
      response: {
        member: optional(Variable.introspectionResponseMember, 'the name of a member', nonEmpty),
        types: optional(Variable.tokenTypes, 'a JSON list of one or more strings', someStrings),
        untyped: optional(Variable.tokenUntyped, '"accept" or "refuse"', untyped),
      },
      clientAuthentication: read(
        Variable.clientAuthentication,
        'a JSON object with a known method',
        clientAuthentication,
      ),
      credentialsSecretArn: read(Variable.credentialsSecretArn, 'the ARN of a secret', nonEmpty),
      caBundle: optional(Variable.introspectionCaBundle, 'certificates in PEM', certificates),
    },
    token: {
      issuer: optional(Variable.tokenIssuer, 'a non-empty string', nonEmpty),
      // An empty list would turn off the check that it stands for.
      audience:
        optional(Variable.tokenAudience, 'a JSON list of one or more strings', someStrings) ?? [],
      jwksUri: optional(Variable.tokenJwksUri, 'an https: URL without credentials', secureUrl),
      notBeforeToleranceSeconds: read(
        Variable.tokenNotBeforeToleranceSeconds,
        '0 or more seconds',
        seconds,
      ),
      senderConstraint:
        optional(
          Variable.tokenSenderConstraint,
          '"refuse", "accept" or "require"',
          senderConstraint,
        ) ?? 'refuse',
    },
    mint: optional(
      Variable.tokenMint,
      `a JSON object with the rules of minting, with either ${SigningVariable.secretArn} or ${SigningVariable.kmsKeyArn}`,
      (text) => mintConfig(text, environment),
    ),
    cache: {
      table: read(Variable.tokenCacheTable, 'the name of a DynamoDB table', nonEmpty),
      maxTtlSeconds: read(Variable.cacheMaxTtlSeconds, '0 or more seconds', seconds),
      inactiveTtlSeconds: read(Variable.cacheInactiveTtlSeconds, '0 or more seconds', seconds),
      cacheControl: read(Variable.cacheControl, '"respect" or "ignore"', cacheControl),
      timeoutMilliseconds: read(
        Variable.cacheTimeoutMilliseconds,
        'more than 0 milliseconds',
        positive,
      ),
      coalesceIntrospections: read(
        Variable.cacheCoalesceIntrospections,
        '"true" or "false"',
        boolean,
      ),
    },
    scopeRules: read(
      Variable.scopeRules,
      'a JSON object of APIs with pairs of scopes and routes, each route once, and one or more strings as each audience',
      scopeRules,
    ),
    usageIdentifierClaim: optional(
      Variable.usageIdentifierClaim,
      '"sub" or "client_id"',
      usageIdentifierClaim,
    ),
    logIdentities: read(Variable.logIdentities, '"true" or "false"', boolean),
  };
  if (faults.length > 0) throw new Fault('configuration_invalid', faults.join('; '));
  return config;
}
