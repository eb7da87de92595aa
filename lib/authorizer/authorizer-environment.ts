import { Duration, Lazy, Token } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { EnvironmentVariable as Variable } from '../../lambda/contract';
import { DEFAULTS } from '../validation/defaults';
import { encodeAudience } from './audience';
import type { AuthorizerFunctionProps } from './authorizer-function-props';
import { CacheControl } from './cache-control';
import { ClientAuthentication } from './client-authentication';
import { IntrospectionResponse } from './introspection-response';
import {
  type CacheLifetimes,
  lifetimeSeconds,
  type PhantomTokenMinting,
  UntypedTokens,
} from './minting';

/**
 * Maximum total size of a function's environment variables, in bytes.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_ENVIRONMENT_BYTES = 4096;

/** Assumed size of a name or ARN that is known only at deployment, in bytes. */
const UNRESOLVED_VALUE_BYTES = 256;

type Environment = Readonly<Record<string, string>>;

/** Returns the environment variables that configure the authorizer function; they contain no secret. */
export function authorizerEnvironment(
  props: AuthorizerFunctionProps &
    CacheLifetimes & { readonly credentials: ISecret; readonly tokenCache: ITable },
): Environment {
  const response = props.introspectionResponse ?? IntrospectionResponse.jwt();
  const authentication = props.clientAuthentication ?? ClientAuthentication.clientSecretBasic();
  const variables = {
    POWERTOOLS_SERVICE_NAME: 'phantom-token-authorizer',
    [Variable.introspectionEndpoint]: props.introspectionEndpoint,
    [Variable.introspectionTimeoutSeconds]: seconds(
      props.introspectionTimeout ?? Duration.seconds(DEFAULTS.introspectionTimeoutSeconds),
    ),
    [Variable.introspectionAccept]: props.introspectionAccept ?? response.accept,
    [Variable.introspectionParameters]: JSON.stringify({
      // Some servers tell their tokens apart by it: https://www.rfc-editor.org/rfc/rfc7662#section-2.1
      ...(props.mint && { token_type_hint: 'access_token' }),
      ...props.introspectionParameters,
    }),
    [Variable.introspectionResponseMember]: response.memberName,
    [Variable.introspectionCaBundle]: props.caBundle,
    [Variable.clientAuthentication]: authentication.toString(),
    [Variable.credentialsSecretArn]: props.credentials.secretArn,
    [Variable.tokenIssuer]: props.issuer,
    [Variable.tokenAudience]: props.audience && encodeAudience(props.audience),
    [Variable.tokenTypes]: props.tokenTypes && JSON.stringify(props.tokenTypes),
    [Variable.tokenJwksUri]: props.jwksUri,
    [Variable.tokenNotBeforeToleranceSeconds]: seconds(
      props.notBeforeTolerance ?? Duration.seconds(DEFAULTS.notBeforeToleranceSeconds),
    ),
    [Variable.tokenSenderConstraint]:
      props.senderConstraint === DEFAULTS.senderConstraint ? undefined : props.senderConstraint,
    [Variable.tokenUntyped]: props.untyped ?? (props.mint && UntypedTokens.REFUSE),
    [Variable.tokenMint]: props.mint && encodeMinting(props.mint, response, props),
    ...props.mint?.keys.signer,
    [Variable.tokenCacheTable]: props.tokenCache.tableName,
    [Variable.cacheMaxTtlSeconds]: seconds(
      props.cacheMaxTtl ?? Duration.seconds(DEFAULTS.cacheMaxTtlSeconds),
    ),
    [Variable.cacheInactiveTtlSeconds]: seconds(
      props.cacheInactiveTtl ?? Duration.seconds(DEFAULTS.cacheInactiveTtlSeconds),
    ),
    [Variable.cacheControl]: props.cacheControl ?? CacheControl.RESPECT,
    [Variable.cacheTimeoutMilliseconds]: String(
      (props.cacheTimeout ?? Duration.millis(DEFAULTS.cacheTimeoutMilliseconds)).toMilliseconds(),
    ),
    [Variable.cacheCoalesceIntrospections]: String(
      props.coalesceIntrospections ?? DEFAULTS.coalesceIntrospections,
    ),
    [Variable.usageIdentifierClaim]: props.usageIdentifierClaim,
    [Variable.logIdentities]: String(props.logIdentities ?? DEFAULTS.logIdentities),
  };
  return withoutAbsent(variables);
}

/** Returns the rules of minting as JSON. The default lifetime is known when all APIs are protected. */
function encodeMinting(
  mint: PhantomTokenMinting,
  { mintedFrom: response }: IntrospectionResponse,
  caches: CacheLifetimes,
): string {
  const { keys: _, lifetime: __, ...rules } = mint;
  return Lazy.string({
    produce: () =>
      JSON.stringify({ response, ...rules, lifetimeSeconds: lifetimeSeconds(mint, caches) }),
  });
}

/** Returns the variables that have a value. */
function withoutAbsent(variables: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Returns a validation error if the variables exceed Lambda's size limit, otherwise an empty list. */
export function environmentSizeErrors(variables: Environment): readonly string[] {
  const sizes = Object.entries(variables).map(([name, value]) => {
    const bytes = Token.isUnresolved(value) ? UNRESOLVED_VALUE_BYTES : Buffer.byteLength(value);
    return { name, bytes: name.length + bytes };
  });
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= MAX_ENVIRONMENT_BYTES) return [];
  const largest = sizes.sort((one, other) => other.bytes - one.bytes).slice(0, 3);
  return [
    `environment variables must not exceed ${MAX_ENVIRONMENT_BYTES} bytes (a limit of Lambda), got: ` +
      `${total}; the largest are ${largest.map(({ name, bytes }) => `${name} (${bytes})`).join(', ')}`,
  ];
}

/** Returns a duration in seconds; fractions are kept. */
function seconds(duration: Duration): string {
  return String(duration.toMilliseconds() / 1000);
}
