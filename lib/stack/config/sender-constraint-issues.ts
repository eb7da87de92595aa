import { z } from 'zod';

/** Lenient schema of the keys that are checked here, since a config can have other faults too. */
const configWithSenders = z.object({
  token: z.object({ senderConstraint: z.enum(['accept', 'require']) }),
  cache: z.object({ authorizerResultTtlSeconds: z.unknown().optional() }).optional(),
  api: z.object({ publicUrls: z.unknown().optional() }),
});

/** Returns the faults of a config that accepts tokens that are bound to their senders. */
export function senderConstraintIssues(config: unknown): string[] {
  const reading = configWithSenders.safeParse(config);
  if (!reading.success) return [];
  const { token, cache, api } = reading.data;
  const { authorizerResultTtlSeconds: resultTtl = 0 } = cache ?? {};
  const condition = `if token.senderConstraint is ${token.senderConstraint}`;
  return [
    ...(resultTtl === 0
      ? []
      : [
          `cache.authorizerResultTtlSeconds: must be 0 or absent ${condition}, since API Gateway replays a cached result without a check of the proof, got: ${JSON.stringify(resultTtl)}`,
        ]),
    ...(api.publicUrls === undefined
      ? [
          `api.publicUrls: is required ${condition}, since a DPoP proof contains the URL of its request`,
        ]
      : []),
  ];
}
