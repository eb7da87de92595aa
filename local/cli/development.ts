/**
 * Ports of `start` and `example`, each far enough from the others for the next free one to be none of theirs. The API
 * has the ports that follow, too, if there are several.
 */
export const DEVELOPMENT_PORTS = {
  api: 8080,
  authorizationServer: 9400,
  upstream: 9410,
  inspector: 9420,
  aws: 9430,
} as const;

/** Default URL of the token endpoint that `start` serves. */
export const TOKEN_ENDPOINT = `http://127.0.0.1:${DEVELOPMENT_PORTS.authorizationServer}/token`;

/**
 * Returns the secret of a client at the authorization server of `start`, which accepts connections of this machine only.
 * It is long enough for the key of the token cache to be derived from it.
 */
export function developmentSecret(clientId: string): string {
  return `local-development-secret-of-${clientId}`;
}
