import { z } from 'zod';
import { DEFAULTS } from '../../validation/defaults';
import * as values from '../../validation/shared-schemas';

/** Section `cache` of the deployment config. */
export const cacheSchema = z
  .strictObject({
    maxTtlSeconds: values.cacheMaxTtlSeconds.default(DEFAULTS.cacheMaxTtlSeconds).meta({
      description: 'Maximum lifetime in the memory cache and the token cache, in seconds.',
      details:
        '0 turns both caches off. A revoked token can pass for at most `authorizerResultTtlSeconds` + `maxTtlSeconds`.',
    }),
    inactiveTtlSeconds: values.cacheInactiveTtlSeconds
      .default(DEFAULTS.cacheInactiveTtlSeconds)
      .meta({
        description: 'Lifetime of inactive tokens in the caches, in seconds.',
        details: '0 turns negative caching off.',
      }),
    authorizerResultTtlSeconds: z.int().min(0).max(3600).default(DEFAULTS.resultTtlSeconds).meta({
      description: 'Lifetime in API Gateway’s result cache, in seconds.',
      details:
        '0 turns the result cache off. An expired token can pass for at most this long; [RFC 7662, section 4](https://www.rfc-editor.org/rfc/rfc7662#section-4) requires 0. It is 0, and must not be more, if `token.senderConstraint` is not `refuse`. For routes with `mcp.tools` it is 0; if there are any, it must be 0 or absent.',
    }),
    cacheControl: z.enum(['respect', 'ignore']).default('respect').meta({
      description: 'Treatment of the authorization server’s `Cache-Control` header.',
      details:
        '`ignore` caches even if the authorization server sends `no-store`. The claim `exp` and `maxTtlSeconds` apply in both cases.',
    }),
    timeoutMilliseconds: values.cacheTimeoutMilliseconds
      .default(DEFAULTS.cacheTimeoutMilliseconds)
      .meta({
        description: 'Deadline of an operation of the token cache, in milliseconds.',
        details: 'After the deadline the request continues as if the token cache had missed.',
      }),
    coalesceIntrospections: z.boolean().default(DEFAULTS.coalesceIntrospections).meta({
      description: 'Request coalescing: one introspection for simultaneous misses of a token.',
      details:
        'Of the execution environments that miss the same token at the same time, one introspects and the others wait for its result. It costs a conditional write for each miss. See [Caching](caching.md).',
    }),
    warmThroughput: z
      .strictObject({
        readUnitsPerSecond: values.warmReadUnits.meta({ description: 'Read units a second.' }),
        writeUnitsPerSecond: values.warmWriteUnits.meta({ description: 'Write units a second.' }),
      })
      .optional()
      .meta({
        description: 'Throughput that the token cache’s table can take at once.',
        whenAbsent: 'that of a new table: 12,000 and 4,000',
        details:
          'Raising it costs money once; AWS does not lower it. See [Quotas](operations.md#quotas).',
      }),
  })
  .prefault({});
