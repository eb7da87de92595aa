import type { SenderConstraint } from '../contract';
import type { UsageIdentifierClaim } from './authorizer-result';
import type { CacheLimits } from './cache-lifetime';
import type { ClientAuthentication } from './client-credentials';
import { isStringList, parseJson, parseJsonObject } from './json';
import type { Untyped } from './token-kind';

/** Parsers of environment variables. Each returns `undefined` for an invalid value. */

export function nonEmpty(text: string): string | undefined {
  return text === '' ? undefined : text;
}

export function seconds(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

export function positive(text: string): number | undefined {
  return seconds(text) || undefined;
}

export function boolean(text: string): boolean | undefined {
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}

export function mediaType(text: string): string | undefined {
  return /^[\w.+-]+\/[\w.+-]+$/.test(text) ? text : undefined;
}

export function cacheControl(text: string): CacheLimits['cacheControl'] | undefined {
  return text === 'respect' || text === 'ignore' ? text : undefined;
}

export function certificates(text: string): string | undefined {
  return text.includes('-----BEGIN CERTIFICATE-----') ? text : undefined;
}

/** Reads an https URL, or an http URL of the loopback interface, as local mode uses. */
export function secureUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return undefined;
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback) ? url : undefined;
}

export function someStrings(text: string): readonly string[] | undefined {
  const value = parseJson(text);
  return isStringList(value) && value.length > 0 ? value : undefined;
}

export function stringMap(text: string): Readonly<Record<string, string>> | undefined {
  const value = parseJsonObject(text);
  if (!value || !Object.values(value).every((entry) => typeof entry === 'string')) return undefined;
  return value as Record<string, string>;
}

export function untyped(text: string): Untyped | undefined {
  return text === 'accept' || text === 'refuse' ? text : undefined;
}

export function senderConstraint(text: string): SenderConstraint | undefined {
  return text === 'refuse' || text === 'accept' || text === 'require' ? text : undefined;
}

export function usageIdentifierClaim(text: string): UsageIdentifierClaim | undefined {
  return text === 'sub' || text === 'client_id' ? text : undefined;
}

export function clientAuthentication(text: string): ClientAuthentication | undefined {
  const value = parseJsonObject(text);
  switch (value?.['method']) {
    case 'client_secret_basic': {
      const encoding = value['encoding'] ?? 'form';
      if (encoding !== 'form' && encoding !== 'raw') return undefined;
      return { method: 'client_secret_basic', encoding };
    }
    case 'private_key_jwt': {
      const { audience, algorithm } = value;
      if (typeof audience !== 'string' || audience === '') return undefined;
      return isSigningAlgorithm(algorithm)
        ? { method: 'private_key_jwt', audience, algorithm }
        : undefined;
    }
    case 'client_secret_post':
    case 'tls_client_auth':
    case 'bearer':
    case 'none':
      return { method: value['method'] };
    default:
      return undefined;
  }
}

function isSigningAlgorithm(
  value: unknown,
): value is 'PS256' | 'ES256' | 'RS256' | 'EdDSA' | undefined {
  return value === undefined || ['PS256', 'ES256', 'RS256', 'EdDSA'].some((alg) => alg === value);
}
