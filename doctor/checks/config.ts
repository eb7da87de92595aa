import type { DeploymentConfig } from '../../lib/stack/config/schema';
import { type Finding, info, ok, warn } from '../check';

/** Checks what a valid config leaves open. */
export function checkConfig(config: DeploymentConfig): Finding[] {
  const { token, introspection, api } = config;
  const findings = [
    ...(token.issuer === undefined
      ? [
          warn(
            'the issuer of tokens is not checked',
            "Set token.issuer to the issuer in the server's metadata.",
          ),
        ]
      : []),
    ...(token.audience === undefined
      ? [
          warn(
            'the audience of tokens is not checked',
            'Set token.audience, so that tokens for other APIs are denied.',
          ),
        ]
      : []),
    ...plainUrls({
      'introspection.endpoint': introspection.endpoint,
      'token.jwksUri': token.jwksUri,
      'api.upstream': api.upstream,
    }),
  ];
  return [ok('valid'), ...findings];
}

function plainUrls(urls: Readonly<Record<string, string | undefined>>): Finding[] {
  const keys = Object.keys(urls).filter((key) => urls[key]?.startsWith('http:'));
  return keys.length === 0 ? [] : [info(`http: URLs work in local mode only: ${keys.join(', ')}`)];
}
