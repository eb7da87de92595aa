import type { AuthorizerConfig } from '../../lambda/core/config';
import { Fault } from '../../lambda/core/errors';
import type { HttpResponse } from '../../lambda/core/http-response';
import { readIntrospectionResponse } from '../../lambda/core/introspection-response';
import type { JsonObject } from '../../lambda/core/json';
import { decodeJws } from '../../lambda/core/jws';
import { activeMembers, readJsonResponse } from '../../lambda/core/response-members';
import { readSignedResponse } from '../../lambda/core/signed-response';
import { type Finding, fault, info, ok, warn } from '../check';
import type { IntrospectionExchange } from '../probes/introspection';
import { responseAdvice, type ServerContext } from '../response-advice';

interface Context extends ServerContext {
  readonly settings: AuthorizerConfig;
}

/** Checks the response about a made-up token. */
export function checkIntrospection(exchange: IntrospectionExchange, context: Context): Finding[] {
  const { response } = exchange.reply ?? {};
  const { rules, error } = read(exchange, context);
  if (error !== undefined) return [responseFault(error, response, context)];
  if (rules === undefined || !('invalid' in rules)) {
    return [
      fault(
        'the server calls a made-up token active',
        'Check introspection.endpoint: it must be the introspection endpoint of the authorization server.',
      ),
    ];
  }
  return [
    ok(`a made-up token is inactive (${response?.status}, ${exchange.milliseconds} ms)`),
    ...slow(exchange, context),
    ...uncacheable(response, context),
    ...missingAccept(context),
  ];
}

/** Returns the finding for an introspection without a usable response. */
export function responseFault(
  error: unknown,
  response: HttpResponse | undefined,
  context: ServerContext,
): Finding {
  const known = error instanceof Fault;
  const message = known ? error.message : 'the request failed with an internal error';
  const specific = response && responseAdvice(response, context);
  return fault(message, specific ?? (known ? error.advice : undefined));
}

function read({ reply, error }: IntrospectionExchange, { settings }: Context) {
  if (error !== undefined || reply === undefined) return { error: error ?? new Error('none') };
  try {
    return { rules: readStatus(reply.response, settings) };
  } catch (thrown) {
    return { error: thrown };
  }
}

/** Returns the status of the token. Nothing is minted, and no signature verified: other checks are about keys. */
function readStatus(response: HttpResponse, { mint, introspection }: AuthorizerConfig) {
  if (mint === undefined) return readIntrospectionResponse(response, introspection.response);
  if (response.status === 204) return { invalid: 'token_inactive' };
  const members =
    mint.response === 'json'
      ? readJsonResponse(response)
      : decodeJws(readSignedResponse(response)).payload['token_introspection'];
  return activeMembers(members as JsonObject | undefined) ?? { invalid: 'token_inactive' };
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
  const { endpoint, response, accept } = config.introspection;
  const isKeycloak = /\/protocol\/openid-connect\/token\/introspect$/.test(endpoint);
  if (!isKeycloak || typeof response === 'string' || accept === 'application/jwt') return [];
  return [
    fault(
      'Keycloak adds its JWT only to responses for Accept: application/jwt',
      'Set introspection.accept to "application/jwt".',
    ),
  ];
}
