import type { AuthorizerConfig } from '../../lambda/core/config';
import { Fault } from '../../lambda/core/errors';
import type { HttpResponse } from '../../lambda/core/http-response';
import { type Finding, fault, info, ok, warn } from '../check';
import { memberName } from '../config-values';
import type { IntrospectionExchange } from '../probes/introspection';
import { responseAdvice, type ServerContext } from '../response-advice';
import { serverKind } from '../server-kind';

interface Context extends ServerContext {
  readonly settings: AuthorizerConfig;
}

/** Checks the introspection of a made-up token. */
export function checkIntrospection(exchange: IntrospectionExchange, context: Context): Finding[] {
  const { reply, result, milliseconds } = exchange;
  const response = reply?.response;
  if ('error' in result) return [responseFault(exchange, context)];
  if ('facts' in result) {
    return [
      fault(
        'the server calls a made-up token active',
        'Check introspection.endpoint: it must be the introspection endpoint of the authorization server.',
      ),
    ];
  }
  return [
    ok(`a made-up token is inactive (${response?.status}, ${milliseconds} ms)`),
    ...slow(exchange, context),
    ...uncacheable(response, context),
    ...missingAccept(context),
  ];
}

/** Returns the finding for an introspection that failed. */
export function responseFault(
  { reply, result }: IntrospectionExchange,
  context: ServerContext,
): Finding {
  const error = 'error' in result ? result.error : undefined;
  if (!(error instanceof Fault)) return fault('the introspection failed with an internal error');
  // With keys that are missing nothing is wrong with the response.
  const isAboutResponse = error.code.startsWith('introspection_');
  const advice = reply && isAboutResponse ? responseAdvice(reply.response, context) : undefined;
  return fault(error.message, advice ?? error.advice);
}

function slow({ milliseconds }: IntrospectionExchange, { settings }: Context): Finding[] {
  const limit = settings.introspection.timeoutSeconds * 1000;
  if (milliseconds < limit / 2) return [];
  return [
    warn(
      `the response took ${milliseconds} ms of ${limit} ms`,
      'Raise introspection.timeoutSeconds, or find out why the authorization server is slow.',
    ),
  ];
}

function uncacheable(response: HttpResponse | undefined, { config }: Context): Finding[] {
  const { cacheControl, maxTtlSeconds } = config.cache;
  const forbids = /\bno-(store|cache)\b/i.test(String(response?.headers['cache-control'] ?? ''));
  if (!forbids || cacheControl === 'ignore' || maxTtlSeconds === 0) return [];
  return [
    info(
      'Cache-Control of this response forbids caching',
      'If responses about active tokens forbid it too, every cache miss is introspected: set cache.cacheControl to "ignore", if the delay of revocations is acceptable.',
    ),
  ];
}

/** Returns a finding where Keycloak would leave the JWT out. Responses about made-up tokens do not show it. */
function missingAccept({ config }: Context): Finding[] {
  const { endpoint, accept } = config.introspection;
  if (serverKind(endpoint) !== 'keycloak' || memberName(config) === undefined) return [];
  if (accept === 'application/jwt') return [];
  return [
    fault(
      'Keycloak adds its JWT only to responses for Accept: application/jwt',
      'Set introspection.accept to "application/jwt".',
    ),
  ];
}
