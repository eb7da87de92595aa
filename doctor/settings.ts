import { SigningVariable, EnvironmentVariable as Variable } from '../lambda/contract';
import { type AuthorizerConfig, readConfig } from '../lambda/core/config';
import { SIGNED_RESPONSE_TYPE } from '../lambda/core/signed-response';
import { clientAuthenticationOptions } from '../lib/stack/config/introspection-schema';
import { minMintLifetime } from '../lib/stack/config/mint-issues';
import type { DeploymentConfig } from '../lib/stack/config/schema';
import { memberName } from './config-values';

/** Returns the authorizer's configuration for a deployment config, as the deployed function would read it. */
export function authorizerSettings(config: DeploymentConfig): AuthorizerConfig {
  return readConfig(authorizerEnvironment(config));
}

/**
 * Returns the environment variables that the stack of a deployment config gives to its function. A test
 * compares them with the synthesized template. Names that only the deployment knows are placeholders, and so
 * are the scope rules.
 */
export function authorizerEnvironment(config: DeploymentConfig): Readonly<Record<string, string>> {
  const { introspection, token, cache, api, operations } = config;
  const { response } = introspection;
  const member = memberName(config);
  const variables: Readonly<Record<string, string | undefined>> = {
    [Variable.introspectionEndpoint]: introspection.endpoint,
    [Variable.introspectionTimeoutSeconds]: String(introspection.timeoutSeconds),
    [Variable.introspectionAccept]: introspection.accept ?? acceptOf(response),
    [Variable.introspectionParameters]: JSON.stringify({
      ...(token.mint && { token_type_hint: 'access_token' }),
      ...introspection.parameters,
    }),
    [Variable.introspectionResponseMember]: member,
    [Variable.introspectionCaBundle]: introspection.caBundle,
    [Variable.clientAuthentication]: JSON.stringify(clientAuthentication(config)),
    [Variable.credentialsSecretArn]: introspection.credentialsSecretArn ?? 'CredentialsSecretArn',
    [Variable.tokenIssuer]: token.issuer,
    [Variable.tokenAudience]: token.audience && JSON.stringify(token.audience),
    [Variable.tokenTypes]: token.types && JSON.stringify(token.types),
    [Variable.tokenJwksUri]: token.jwksUri,
    [Variable.tokenNotBeforeToleranceSeconds]: String(token.notBeforeToleranceSeconds),
    [Variable.tokenSenderConstraint]:
      token.senderConstraint === 'refuse' ? undefined : token.senderConstraint,
    [Variable.tokenUntyped]: token.untyped ?? (token.mint && 'refuse'),
    ...minting(config),
    [Variable.tokenCacheTable]: 'TokenCacheTableName',
    [Variable.cacheMaxTtlSeconds]: String(cache.maxTtlSeconds),
    [Variable.cacheInactiveTtlSeconds]: String(cache.inactiveTtlSeconds),
    [Variable.cacheControl]: cache.cacheControl,
    [Variable.cacheTimeoutMilliseconds]: String(cache.timeoutMilliseconds),
    [Variable.cacheCoalesceIntrospections]: String(cache.coalesceIntrospections),
    [Variable.scopeRules]: '{}',
    [Variable.usageIdentifierClaim]: api.usageIdentifierClaim,
    [Variable.logIdentities]: String(operations.logIdentities),
  };
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function clientAuthentication({ introspection, token }: DeploymentConfig) {
  const given = introspection.clientAuthentication;
  const options =
    typeof given === 'string' ? clientAuthenticationOptions.parse({ method: given }) : given;
  if (options.method !== 'private_key_jwt') return options;
  return { ...options, audience: options.audience ?? token.issuer ?? introspection.endpoint };
}

function acceptOf(response: DeploymentConfig['introspection']['response']): string {
  if (response === 'jwt') return 'application/jwt';
  return response === 'signed' ? SIGNED_RESPONSE_TYPE : 'application/json';
}

/** Returns the variables of minting. The ARN of the key is a placeholder. */
function minting({
  introspection: { response },
  token: { mint, senderConstraint },
  cache,
}: DeploymentConfig): Record<string, string> {
  if (mint === undefined) return {};
  const { issuer, audience, subject, claims, key } = mint;
  const lifetimeSeconds = mint.lifetimeSeconds ?? minMintLifetime(cache, senderConstraint);
  const rules = { response, issuer, audience, subject, claims, lifetimeSeconds };
  return {
    [Variable.tokenMint]: JSON.stringify(rules),
    [key === 'kms' ? SigningVariable.kmsKeyArn : SigningVariable.secretArn]: 'SigningKeys',
  };
}
