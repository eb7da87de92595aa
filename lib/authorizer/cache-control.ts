/** Treatment of the `Cache-Control` header of introspection responses. */
export enum CacheControl {
  /** The header bounds how long a response is cached; a `no-store` response is not cached. */
  RESPECT = 'respect',
  /** The header is ignored; `exp` and `cacheMaxTtl` still bound the lifetime. */
  IGNORE = 'ignore',
}
