import { EnvironmentVariable as Variable } from '../contract';
import type { CacheLimits } from './cache-lifetime';
import { Fault } from './errors';

/** Everything an operator can set, as the authorizer uses it. */
export interface AuthorizerConfig {
  readonly introspection: {
    readonly endpoint: URL;
    readonly timeoutSeconds: number;
    readonly credentialsSecretArn: string;
  };
  readonly token: { readonly issuer: string | undefined; readonly audience: readonly string[] };
  readonly cache: CacheLimits & { readonly table: string };
  /** Scopes that every route requires. */
  readonly requiredScopes: readonly string[];
  /** Scopes by route where routes differ; `undefined` where all routes require the same. */
  readonly routeScopes: Readonly<Record<string, readonly string[]>> | undefined;
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
      endpoint: read(Variable.introspectionEndpoint, 'an https: URL without credentials', endpoint),
      timeoutSeconds: read(Variable.introspectionTimeoutSeconds, 'more than 0 seconds', positive),
      credentialsSecretArn: read(Variable.credentialsSecretArn, 'the ARN of a secret', nonEmpty),
    },
    token: {
      issuer: optional(Variable.tokenIssuer, 'a non-empty string', nonEmpty),
      audience:
        optional(Variable.tokenAudience, 'a JSON list of one or more strings', audiences) ?? [],
    },
    cache: {
      table: read(Variable.tokenCacheTable, 'the name of a DynamoDB table', nonEmpty),
      maxTtlSeconds: read(Variable.cacheMaxTtlSeconds, '0 or more seconds', seconds),
      inactiveTtlSeconds: read(Variable.cacheInactiveTtlSeconds, '0 or more seconds', seconds),
      cacheControl: read(Variable.cacheControl, '"respect" or "ignore"', cacheControl),
    },
    requiredScopes: read(Variable.requiredScopes, 'a JSON list of strings', stringList),
    routeScopes: optional(
      Variable.routeScopes,
      'a JSON object of routes with lists of strings',
      scopesByRoute,
    ),
  };
  if (faults.length > 0) throw new Fault('configuration_invalid', faults.join('; '));
  return config;
}

function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function seconds(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function positive(text: string): number | undefined {
  return seconds(text) || undefined;
}

function cacheControl(text: string): CacheLimits['cacheControl'] | undefined {
  return text === 'respect' || text === 'ignore' ? text : undefined;
}

/** TLS always, but for the machine itself: local mode runs the authorization server there. */
function endpoint(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return undefined;
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback) ? url : undefined;
}

function stringList(text: string): readonly string[] | undefined {
  const value = json(text);
  return isStringList(value) ? value : undefined;
}

/** An empty list would turn the check off that it stands for. */
function audiences(text: string): readonly string[] | undefined {
  const list = stringList(text);
  return list?.length ? list : undefined;
}

function scopesByRoute(text: string): AuthorizerConfig['routeScopes'] {
  const value = json(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.values(value).every(isStringList)
    ? (value as Record<string, readonly string[]>)
    : undefined;
}

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
