import { z } from 'zod';
import { UntypedTokens } from '../../authorizer/minting';
import { DEFAULTS } from '../../validation/defaults';
import * as values from '../../validation/shared-schemas';
import { mintSchema } from './mint-schema';

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
      mint: mintSchema(url).optional().meta({
        description:
          'Minting of phantom tokens, with `"json"` or `"signed"` as `introspection.response`.',
        whenAbsent: 'the authorization server issues the phantom tokens',
        details:
          'The authorizer signs a JWT ([RFC 9068](https://www.rfc-editor.org/rfc/rfc9068)) for each active access token. `token.issuer` and `token.audience` check what the response states. See [Minting](minting.md).',
      }),
      untyped: z.enum(UntypedTokens).optional().meta({
        description: 'Treatment of responses without `token_type`.',
        whenAbsent: '`refuse` with `token.mint`, else `accept`',
        details:
          'Some servers call refresh tokens and authorization codes active, and mark them by that alone. [Authorization servers](authorization-servers.md) lists the servers whose access tokens have no `token_type`.',
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
