import { DEFAULTS } from '../validation/defaults';

/** Signature algorithms of client assertions. */
export enum AssertionAlgorithm {
  /** RSASSA-PSS with SHA-256. */
  PS256 = 'PS256',
  /** ECDSA on P-256 with SHA-256. */
  ES256 = 'ES256',
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  RS256 = 'RS256',
  /** Ed25519. */
  EDDSA = 'EdDSA',
}

/** Encoding of the client's id and secret in HTTP Basic authentication. */
export enum BasicEncoding {
  /** Both parts are form-encoded, as RFC 6749 requires. */
  FORM = 'form',
  /** Both parts are sent as they are, for servers that do not form-decode them. */
  RAW = 'raw',
}

/**
 * Client authentication at the introspection endpoint. The secret holds the credentials that it requires.
 */
export class ClientAuthentication {
  /**
   * HTTP Basic; the secret holds `client_id` and `client_secret`.
   *
   * @param encoding default: `FORM`
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
   */
  static clientSecretBasic(encoding?: BasicEncoding): ClientAuthentication {
    return new ClientAuthentication({
      method: 'client_secret_basic',
      encoding: encoding ?? DEFAULTS.basicEncoding,
    });
  }

  /** Client credentials as form parameters; the secret holds `client_id` and `client_secret`. */
  static clientSecretPost(): ClientAuthentication {
    return new ClientAuthentication({ method: 'client_secret_post' });
  }

  /**
   * A signed assertion; the secret holds `client_id`, `private_key` (PEM or JWK) and, if the server
   * requires it, `key_id`.
   *
   * @param audience `aud` of the assertion: the issuer, token endpoint or introspection endpoint, as the
   * server expects
   * @param algorithm default: the `alg` of the JWK, otherwise RS256, ES256 or EdDSA by the type of the
   * key
   * @see https://www.rfc-editor.org/rfc/rfc7523#section-2.2
   */
  static privateKeyJwt(audience: string, algorithm?: AssertionAlgorithm): ClientAuthentication {
    return new ClientAuthentication({ method: 'private_key_jwt', audience, algorithm });
  }

  /**
   * Mutual TLS; the secret holds `client_id`, `certificate` and `private_key` (PEM).
   *
   * @see https://www.rfc-editor.org/rfc/rfc8705#section-2
   */
  static tlsClientAuth(): ClientAuthentication {
    return new ClientAuthentication({ method: 'tls_client_auth' });
  }

  /**
   * An access token of the authorization server, such as a personal access token or API key; the secret holds
   * `bearer_token`.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
   */
  static bearer(): ClientAuthentication {
    return new ClientAuthentication({ method: 'bearer' });
  }

  /**
   * No authentication, for an endpoint that only the network protects, such as the admin port of Ory Hydra. The
   * secret holds only `cache_key`, the key of the token cache; a new secret is created with one.
   */
  static none(): ClientAuthentication {
    return new ClientAuthentication({ method: 'none' });
  }

  private constructor(private readonly settings: Readonly<Record<string, string | undefined>>) {}

  /** True if the method names a client at the authorization server. */
  get namesClient(): boolean {
    return !['bearer', 'none'].includes(this.settings['method'] ?? '');
  }

  /** True if the secret holds a random key only, so that a new secret is complete. */
  get needsNoCredentials(): boolean {
    return this.settings['method'] === 'none';
  }

  /** Returns the JSON that the authorizer reads from its environment. */
  toString(): string {
    return JSON.stringify(this.settings);
  }
}
