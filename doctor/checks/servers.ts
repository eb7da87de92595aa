import type { AuthorizerConfig } from '../../lambda/core/config';
import type { DeploymentConfig } from '../../lib/stack/config/schema';
import { type Check, combine, type Finding, fault, info, isFaulty } from '../check';
import type { Observations } from '../probes/servers';
import { checkClock } from './clock';
import { checkDiscovery } from './discovery';
import { checkIntrospection, responseFault } from './introspection';
import { checkKeys } from './keys';
import { checkConnection } from './network';
import { checkToken } from './token';
import { checkUpstream } from './upstream';

interface Context {
  readonly config: DeploymentConfig;
  readonly settings: AuthorizerConfig;
  /** Epoch seconds. */
  readonly now: number;
  /** `true` if a token was given. */
  readonly hasToken: boolean;
  /** `true` if the authorizer would not introspect the token. */
  readonly isTokenMalformed: boolean;
}

/** Checks what was observed of the servers. A check whose subject could not be tried refers to the cause. */
export function checkServers(observations: Observations, context: Context): Check[] {
  const { config, settings, now, hasToken } = context;
  const { discovery, keys, page } = observations;
  const network = networkFindings(observations, context);
  const unreachable = isFaulty(combine('network', network));
  const check = [
    combine('network', network),
    combine(
      'clock',
      checkClock(timedResponses(observations), settings.token.notBeforeToleranceSeconds),
    ),
    combine('discovery', checkDiscovery(config, discovery)),
    combine('introspection', introspectionFindings(observations, context, unreachable)),
    combine('keys', [checkKeys(config, keys, discovery.document)]),
    combine('upstream', checkUpstream(observations.upstream, page, now)),
  ];
  if (!hasToken) return check;
  return [...check, combine('token', tokenFindings(observations, context, unreachable))];
}

function networkFindings(
  { endpoint, keysHost }: Observations,
  { config, now }: Context,
): readonly Finding[] {
  const privateAdvice =
    config.operations.vpc === undefined
      ? 'Set operations.vpc: the function reaches private addresses only from a VPC.'
      : undefined;
  return [
    ...checkConnection(endpoint, { key: 'introspection.endpoint', privateAdvice, now }),
    ...(keysHost ? checkConnection(keysHost, { key: 'token.jwksUri', privateAdvice, now }) : []),
  ];
}

function timedResponses({ exchange, discovery }: Observations) {
  return exchange?.reply ? [exchange.reply] : discovery.replies;
}

function introspectionFindings(
  { exchange, discovery }: Observations,
  { config, settings }: Context,
  unreachable: boolean,
): readonly Finding[] {
  if (exchange === undefined) return [info('not tried, because of the credentials')];
  if (unreachable && exchange.reply === undefined)
    return [info('not tried, because of the network')];
  return checkIntrospection(exchange, { config, settings, metadata: discovery.document });
}

function tokenFindings(
  { token, discovery }: Observations,
  context: Context,
  unreachable: boolean,
): readonly Finding[] {
  if (context.isTokenMalformed) {
    return [
      fault(
        'credential_malformed: the access token has characters that a Bearer credential cannot have, or more than 4096',
        'The file must contain one access token and nothing else.',
      ),
    ];
  }
  if (token === undefined) return [info('not tried, because of the credentials')];
  if (!('error' in token.result)) return checkToken(token.result, context);
  if (unreachable && token.reply === undefined) return [info('not tried, because of the network')];
  return [responseFault(token, { config: context.config, metadata: discovery.document })];
}
