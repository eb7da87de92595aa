/** Key of the deployment config that names the server of a connection. */
export type ServerKey = 'introspection.endpoint' | 'token.jwksUri' | 'api.upstream';

/** Errors of a certificate whose issuer is not trusted. @see https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED: readonly string[] = [
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_UNTRUSTED'],
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** Errors of a TLS handshake with a port that does not use TLS. */
const PLAIN_PORT: readonly string[] = [
  ...['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'],
  'ERR_SSL_HTTP_REQUEST',
];

/**
 * Returns advice for a connection that failed, in terms of config keys; `undefined` for other errors.
 *
 * @param code error code of Node.js or OpenSSL.
 * @param key config key of the server's URL.
 */
export function connectionAdvice(code: string, key: ServerKey): string | undefined {
  if (UNTRUSTED.includes(code)) return untrustedAdvice(code, key);
  if (PLAIN_PORT.includes(code)) {
    return `The port does not use TLS: check scheme and port of ${key}.`;
  }
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return "Renew the server's certificate, which has expired.";
    case 'CERT_NOT_YET_VALID':
      return "Check the clocks: the server's certificate is not valid yet.";
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `Use a host name in ${key} that the server's certificate contains.`;
    case 'ENOTFOUND':
      return `Check the host name in ${key}. A private name needs operations.vpc, and a DNS that knows it.`;
    case 'EAI_AGAIN':
      return 'Check the DNS, which did not respond.';
    case 'ECONNREFUSED':
      return `Check host and port of ${key}, and that the server runs: nothing listens there.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `Check the network path to the host of ${key}: firewall, security groups and, for a private server, operations.vpc.`;
    case 'HPE_INVALID_CONSTANT':
      return `The server does not respond with HTTP: check scheme and port of ${key}.`;
    default:
      return undefined;
  }
}

function untrustedAdvice(code: string, key: ServerKey): string {
  // API Gateway connects to the upstream itself.
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-supported-certificate-authorities-for-http-endpoints.html
  if (key === 'api.upstream') {
    return 'Give the upstream a certificate of a public CA: API Gateway accepts no other, and introspection.caBundle does not apply to api.upstream.';
  }
  const chain =
    code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
      ? ' If the CA is a public one, the server does not send its intermediate certificates.'
      : '';
  return `Name a PEM file with the certificate of the server's CA in introspection.caBundle.${chain}`;
}
