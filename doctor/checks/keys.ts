import { connectionAdvice } from '../../lambda/core/connection-advice';
import { readPublicKeys } from '../../lambda/core/key-set';
import { printable } from '../../lambda/core/printable';
import type { DeploymentConfig } from '../../lib/stack/config/schema';
import { type Finding, fault, info, ok } from '../check';
import { quoted } from '../difference';
import type { Metadata } from '../metadata';
import type { Reply } from '../probes/get';

/** Checks the key set that verifies signatures. */
export function checkKeys(
  { token }: DeploymentConfig,
  reply: Reply | undefined,
  metadata: Metadata | undefined,
): Finding {
  if (token.jwksUri === undefined || reply === undefined) {
    const stated = metadata?.jwksUri;
    const value = stated === undefined ? '' : ` to ${quoted(stated)}`;
    return info(
      'signatures are verified by the upstream alone',
      `Set token.jwksUri${value}, so that the authorizer verifies them too.`,
    );
  }
  const advice =
    metadata?.jwksUri === undefined || metadata.jwksUri === token.jwksUri
      ? 'Check token.jwksUri.'
      : `Set token.jwksUri to ${quoted(metadata.jwksUri)}, as the discovery document has it.`;
  if ('failure' in reply) {
    const message = `the request for the key set failed: ${reply.failure}`;
    return fault(message, connectionAdvice(reply.failure, 'token.jwksUri') ?? advice);
  }
  const { status, body } = reply.response;
  if (status !== 200) return fault(`the key set responds ${status}`, advice);
  try {
    const keys = readPublicKeys(body.toString('utf8'));
    if (keys.length === 0) return fault('the key set has no public key', advice);
    const types = [...new Set(keys.map(({ alg, kty }) => printable(String(alg ?? kty), 20)))];
    return ok(`${keys.length} public ${keys.length === 1 ? 'key' : 'keys'} (${types.join(', ')})`);
  } catch {
    return fault('the response is not a JWK set', advice);
  }
}
