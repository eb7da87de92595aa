/** Claim by which API Gateway can count a request against a usage plan. */
export enum UsageIdentifierClaim {
  /** Subject of the token. */
  SUB = 'sub',
  /** Client that the token was issued to. */
  CLIENT_ID = 'client_id',
}
