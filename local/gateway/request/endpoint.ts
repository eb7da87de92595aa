/**
 * Endpoint at which clients call an API: a custom domain name. At the default endpoint there is none.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
 */
export interface Endpoint {
  readonly domainName: string;
  /** Start of the client's path that is not part of the API's: `/basePath`, `/basePath/stage` or empty. */
  readonly prefix: string;
}

/** Returns the path of a request within the API. */
export function pathWithinApi(sentPath: string, endpoint: Endpoint | undefined): string {
  return endpoint === undefined ? sentPath : sentPath.slice(endpoint.prefix.length) || '/';
}
