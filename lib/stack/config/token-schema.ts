import { z } from 'zod';
import { DEFAULTS } from '../../validation/defaults';
import * as values from '../../validation/shared-schemas';

/** Section `token` of the deployment config. */
export const tokenSchema = (url: z.ZodString) =>
  z
    .strictObject({
      issuer: values.nonEmpty.optional().meta({
        description: 'Required value of the claim `iss`.',
        whenAbsent: 'not checked',
        examples: ['https://login.example.com/~'],
      }),
      audience: values.oneOrMore.optional().meta({
        description: 'Values of which the claim `aud` must contain one.',
        whenAbsent: 'not checked, with a warning',
        examples: ['api.example.com'],
      }),
      types: values.oneOrMore.optional().meta({
        description: 'Accepted values of the JWT header `typ`.',
        whenAbsent: '`at+jwt`, `JWT` or no `typ`',
      }),
      jwksUri: url.optional().meta({
        description: 'JWKS URL for the verification of JWT signatures.',
        whenAbsent: 'signatures are not verified by the authorizer',
        details:
          'Upstreams verify the JWT in any case. With this key the authorizer verifies it too, before it forwards it.',
      }),
      notBeforeToleranceSeconds: values.notBeforeToleranceSeconds
        .default(DEFAULTS.notBeforeToleranceSeconds)
        .meta({
          description: 'Tolerance for the claim `nbf`, in seconds.',
          details:
            'The clock of the authorization server can run ahead of Lambda’s by this much before `nbf` denies a new token. The claim `exp` has no tolerance.',
        }),
      senderConstraint: z
        .enum(['refuse', 'accept', 'require'])
        .default(DEFAULTS.senderConstraint)
        .meta({
          description: 'Treatment of tokens that are bound to their senders (DPoP, mutual TLS).',
          details:
            '`accept` takes bound tokens from their senders, and others as bearer tokens. `require` takes bound tokens only. Both need `api.publicUrls`, and turn API Gateway’s result cache off. See [Sender-constrained tokens](sender-constrained-tokens.md).',
        }),
    })
    .prefault({});
