import { Duration, Token } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { EnvironmentVariable as Variable } from '../../lambda/contract';
import { DEFAULTS } from '../validation/defaults';
import { encodeAudience } from './audience';
import type { AuthorizerFunctionProps } from './authorizer-function-props';
import { ClientAuthentication } from './client-authentication';
import { IntrospectionResponse } from './introspection-response';

/** Whether answers of the authorization server are kept as long as it allows, or as we like. */
export enum CacheControl {
  /** Its `Cache-Control` bounds how long an answer is remembered; `no-store` is not remembered. */
  RESPECT = 'respect',
  /** Its `Cache-Control` is ignored; `exp` and the ceiling still bound. */
  IGNORE = 'ignore',
}

/**
 * Lambda's limit for all environment variables together, in bytes.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_BYTES = 4096;

/** What a name or ARN, not known yet at synthesis, may come to. */
const UNKNOWN_VALUE_BYTES = 256;

type Environment = Readonly<Record<string, string>>;

/**
 * The environment variables by which the authorizer function is configured. No secret is among them.
 */
export function authorizerEnvironment(
  props: AuthorizerFunctionProps & { readonly credentials: ISecret; readonly tokenCache: ITable },
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
    [Variable.introspectionParameters]: JSON.stringify(props.introspectionParameters ?? {}),
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
    [Variable.cacheShareIntrospections]: String(
      props.shareIntrospections ?? DEFAULTS.shareIntrospections,
    ),
    [Variable.cacheShareInactive]: String(props.shareInactive ?? DEFAULTS.shareInactive),
    [Variable.usageIdentifierClaim]: props.usageIdentifierClaim,
    [Variable.logIdentities]: String(props.logIdentities ?? DEFAULTS.logIdentities),
  };
  return withoutAbsent(variables);
}

function withoutAbsent(variables: Readonly<Record<string, string | undefined>>) {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Why Lambda would refuse the variables, if it would. */
export function environmentFaults(variables: Environment): readonly string[] {
  const sizes = Object.entries(variables).map(([name, value]) => {
    const bytes = Token.isUnresolved(value) ? UNKNOWN_VALUE_BYTES : Buffer.byteLength(value);
    return { name, bytes: name.length + bytes };
  });
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= MAX_BYTES) return [];
  const largest = sizes.sort((one, other) => other.bytes - one.bytes).slice(0, 3);
  return [
    `its environment variables must not exceed ${MAX_BYTES} bytes, a limit of Lambda, but come to ` +
      `${total}; the largest are ${largest.map(({ name, bytes }) => `${name} (${bytes})`).join(', ')}`,
  ];
}

function seconds(duration: Duration): string {
  return String(duration.toMilliseconds() / 1000);
}
