/** Whether answers of the authorization server are kept as long as it allows, or as we like. */
export enum CacheControl {
  /** Its `Cache-Control` bounds how long an answer is remembered; `no-store` is not remembered. */
  RESPECT = 'respect',
  /** Its `Cache-Control` is ignored; `exp` and the ceiling still bound. */
  IGNORE = 'ignore',
}
