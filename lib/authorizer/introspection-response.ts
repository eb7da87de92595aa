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

  private constructor(
    /** The member that holds the phantom token; `undefined` if the response body is the phantom token. */
    readonly memberName: string | undefined,
    /** The media type of the `Accept` header. */
    readonly accept: string,
  ) {}
}
