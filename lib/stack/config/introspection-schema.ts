import { z } from 'zod';
import { AssertionAlgorithm } from '../../authorizer/client-authentication';
import { DEFAULTS } from '../../validation/defaults';
import * as values from '../../validation/shared-schemas';

const METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'bearer',
  'none',
] as const;

const method = <Name extends (typeof METHODS)[number]>(name: Name) =>
  z.literal(name).meta({ description: 'Method of client authentication.' });

/** A method of client authentication with its options. */
export const clientAuthenticationOptions = z.discriminatedUnion('method', [
  z.strictObject({
    method: method('client_secret_basic'),
    encoding: z.enum(['form', 'raw']).default(DEFAULTS.basicEncoding).meta({
      description: 'Encoding of client ID and secret, for `client_secret_basic`.',
      details:
        '`form` is what [RFC 6749, section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1) requires. `raw` is for servers that do not form-decode both parts.',
    }),
  }),
  z.strictObject({ method: method('client_secret_post') }),
  z.strictObject({
    method: method('private_key_jwt'),
    audience: values.nonEmpty.optional().meta({
      description: 'Audience of client assertions, for `private_key_jwt`.',
      whenAbsent: '`token.issuer`, else `introspection.endpoint`',
    }),
    algorithm: z.enum(AssertionAlgorithm).optional().meta({
      description: 'Signature algorithm of client assertions, for `private_key_jwt`.',
      whenAbsent: '`alg` of the JWK, else by the kind of key',
      details: 'By the kind of key it is `RS256`, `ES256` or `EdDSA`.',
    }),
  }),
  z.strictObject({ method: method('tls_client_auth') }),
  z.strictObject({ method: method('bearer') }),
  z.strictObject({ method: method('none') }),
]);

/** Section `introspection` of the deployment config. */
export const introspectionSchema = (url: z.ZodString) =>
  z.strictObject({
    endpoint: url.meta({
      description: 'Introspection endpoint (RFC 7662).',
      examples: ['https://login.example.com/oauth/v2/oauth-introspect'],
    }),
    response: z
      .union([
        z.enum(['jwt', 'json', 'signed']),
        z.strictObject({
          member: values.nonEmpty.meta({
            description: 'Member of the JSON response that holds the JWT.',
            examples: ['phantom_token'],
          }),
        }),
      ])
      .default('jwt')
      .meta({
        description: 'Form of the introspection response.',
        details:
          'With `"jwt"` the response is the JWT (`application/jwt`), and 204 is an inactive token. With `{ "member": NAME }` the response is JSON that holds the JWT in a member. With `"json"` (RFC 7662) and `"signed"` (RFC 9701) the response has no JWT to forward, and `token.mint` is required; `"signed"` also requires `token.issuer` and `token.jwksUri`. [Authorization servers](authorization-servers.md) lists the value for each server.',
      }),
    accept: values.mediaType.optional().meta({
      description: 'Media type to request.',
      valueType: 'one media type, without parameters',
      whenAbsent: 'the media type of `response`',
    }),
    parameters: values.introspectionParameters.default({}).meta({
      description: 'Further form parameters of the introspection request.',
      details:
        'The authorizer sets `token` and the parameters of client authentication itself; they cannot be configured here. With `token.mint` it also sends `token_type_hint=access_token`, unless it is set here.',
    }),
    clientAuthentication: z
      .union([z.enum(METHODS), clientAuthenticationOptions])
      .default('client_secret_basic')
      .meta({
        description: 'Client authentication at the introspection endpoint.',
        details:
          'A name alone selects the method with its default options. [Client authentication](authorization-servers.md#client-authentication) lists the members that the secret needs for each method.',
      }),
    credentialsSecretArn: values.secretArn.optional().meta({
      description: 'Secret with the client’s credentials.',
      valueType: 'the complete ARN of a secret',
      whenAbsent: 'a new secret',
      details:
        'Set the credentials in the secret that the output `CredentialsSecretArn` names. Until they are set, every token gets 503.',
    }),
    caBundle: values.nonEmpty.optional().meta({
      description: 'File with PEM certificates, relative to the config file.',
      whenAbsent: 'the CAs that Node.js trusts',
      details:
        'The certificates replace the trusted CAs for the introspection endpoint and the JWKS. They count toward Lambda’s limit of 4 KB for environment variables.',
    }),
    timeoutSeconds: values.introspectionTimeoutSeconds
      .default(DEFAULTS.introspectionTimeoutSeconds)
      .meta({ description: 'Deadline of an introspection, including retries, in seconds.' }),
  });
