import { z } from 'zod';
import { DEFAULTS } from '../../validation/defaults';
import { minLifetimeSeconds } from '../../validation/minted-lifetime';

const number = (value: number) => z.number().catch(value).default(value);

/** Lenient schema of the keys that are checked here, since a config can have other faults too. */
const configWithToken = z.object({
  introspection: z.object({
    response: z.unknown().optional(),
    clientAuthentication: z.unknown().optional(),
  }),
  token: z
    .object({
      issuer: z.unknown().optional(),
      jwksUri: z.unknown().optional(),
      untyped: z.unknown().optional(),
      senderConstraint: z.unknown().optional(),
      mint: z
        .object({
          lifetimeSeconds: z.unknown().optional(),
          key: z.unknown().optional(),
          algorithm: z.unknown().optional(),
          rotationDays: z.unknown().optional(),
        })
        .optional(),
    })
    .default({}),
  cache: z
    .object({
      maxTtlSeconds: number(DEFAULTS.cacheMaxTtlSeconds),
      authorizerResultTtlSeconds: number(DEFAULTS.resultTtlSeconds),
    })
    .prefault({}),
});

type Config = z.output<typeof configWithToken>;

/** Returns the faults between the keys that concern minting and the kind of responses. */
export function mintIssues(config: unknown): readonly string[] {
  const { data } = configWithToken.safeParse(config);
  if (data === undefined) return [];
  const { response = 'jwt' } = data.introspection;
  return [
    ...modeIssues(data, response),
    ...(response === 'signed' ? signedIssues(data) : []),
    ...lifetimeIssues(data),
    ...keyIssues(data),
  ];
}

function modeIssues({ token }: Config, response: unknown): readonly string[] {
  const mints = response === 'json' || response === 'signed';
  if (mints && token.mint === undefined) {
    const got = JSON.stringify(response);
    return [
      `token.mint: is required, since no response is a phantom token, got: ${got} as introspection.response`,
    ];
  }
  const got = `, got: ${JSON.stringify(response)}`;
  return [
    ...(!mints && token.mint !== undefined
      ? [`token.mint: must be combined with "json" or "signed" as introspection.response${got}`]
      : []),
    ...(response === 'jwt' && token.untyped === 'refuse'
      ? [
          `token.untyped: must not be "refuse" if introspection.response is a JWT, which has no token_type${got}`,
        ]
      : []),
  ];
}

/** Returns what is missing to verify a signed response: its issuer, its keys, and the client it is for. */
function signedIssues({ introspection, token }: Config): readonly string[] {
  const missing = (['issuer', 'jwksUri'] as const).filter((key) => token[key] === undefined);
  const method = z
    .union([z.string(), z.object({ method: z.string() }).transform((it) => it.method)])
    .safeParse(introspection.clientAuthentication).data;
  return [
    ...missing.map((key) => `token.${key}: is required to verify signed responses`),
    ...(method === 'none' || method === 'bearer'
      ? [
          'introspection.clientAuthentication: must name a client, to which signed responses are addressed, ' +
            `got: ${JSON.stringify(method)}`,
        ]
      : []),
  ];
}

/** Returns the minimum of `token.mint.lifetimeSeconds`, which is the default. */
export function minMintLifetime(
  cache: Readonly<Record<'maxTtlSeconds' | 'authorizerResultTtlSeconds', number>>,
  senderConstraint: unknown,
): number {
  // The result cache is off where bound tokens are accepted.
  const isOff = senderConstraint === 'accept' || senderConstraint === 'require';
  return minLifetimeSeconds(cache.maxTtlSeconds, isOff ? 0 : cache.authorizerResultTtlSeconds);
}

function lifetimeIssues({ token, cache }: Config): readonly string[] {
  const lifetime = token.mint?.lifetimeSeconds;
  const minimum = minMintLifetime(cache, token.senderConstraint);
  if (typeof lifetime !== 'number' || lifetime >= minimum) return [];
  return [
    'token.mint.lifetimeSeconds: must be at least cache.maxTtlSeconds + cache.authorizerResultTtlSeconds + 60, ' +
      `so that no cache outlives a minted token: ${minimum}, got: ${lifetime}`,
  ];
}

function keyIssues({ token: { mint } }: Config): readonly string[] {
  if (mint?.key !== 'kms') return [];
  const { algorithm = 'ES256', rotationDays } = mint;
  return [
    ...(algorithm === 'ES256'
      ? []
      : [
          `token.mint.algorithm: must be ES256 with the key in KMS, got: ${JSON.stringify(algorithm)}`,
        ]),
    ...(rotationDays === undefined
      ? []
      : [
          `token.mint.rotationDays: must not be set with the key in KMS, which does not rotate it, got: ${rotationDays}`,
        ]),
  ];
}
