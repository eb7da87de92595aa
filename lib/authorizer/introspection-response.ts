/** Format of the introspection response. It is configured, never detected from a response. */
export class IntrospectionResponse {
  /** The phantom token itself, as `application/jwt`; 204 is an inactive token (Curity). */
  static jwt(): IntrospectionResponse {
    return new IntrospectionResponse(undefined, 'application/jwt');
  }

  /**
   * RFC 7662 JSON with the phantom token in a member, such as `phantom_token` (Curity's token
   * procedure), `jwt` (Keycloak) or `token_string` (WSO2).
   */
  static member(name: string): IntrospectionResponse {
    return new IntrospectionResponse(name, 'application/json');
  }

  /** RFC 7662 JSON without a phantom token, which the authorizer mints: requires `mint`. */
  static json(): IntrospectionResponse {
    return new IntrospectionResponse(undefined, 'application/json', 'json');
  }

  /**
   * A signed response (RFC 9701) without a phantom token, which the authorizer mints: requires `mint`, `issuer`
   * and `jwksUri`.
   */
  static signed(): IntrospectionResponse {
    return new IntrospectionResponse(undefined, 'application/token-introspection+jwt', 'signed');
  }

  private constructor(
    /** The member that holds the phantom token; `undefined` if there is none. */
    readonly memberName: string | undefined,
    /** The media type of the `Accept` header. */
    readonly accept: string,
    /** The form of responses for which the authorizer mints; `undefined` for others. */
    readonly mintedFrom?: 'json' | 'signed',
  ) {}
}
