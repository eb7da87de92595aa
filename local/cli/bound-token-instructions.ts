import { invocation } from '../../terminal/invocation';
import type { Sandbox } from '../stack/sandbox';

/**
 * Returns how to call an API with tokens that are bound to a client certificate or to a key; `undefined` if no domain
 * name takes client certificates.
 *
 * @param url URL of a request to the API's own port
 */
export function boundTokenCalls(
  { stack: { mutualTls }, mutualTlsTokenEndpoint }: Sandbox,
  url: string,
): string | undefined {
  const [endpoint] = mutualTls?.endpoints ?? [];
  if (endpoint === undefined || mutualTls?.directory === undefined) return undefined;
  const { pathname } = new URL(url);
  const base = endpoint.url.pathname.replace(/\/$/, '');
  const certificateUrl = `${endpoint.url.origin}${base}${pathname}`;
  const deployedUrl = `https://${endpoint.domainName}${base}${pathname}`;
  const curl = (client: string) =>
    `  curl -i --cacert $CERTIFICATES/ca.pem --cert $CERTIFICATES/${client}.pem \\
    --key $CERTIFICATES/${client}-key.pem -H "Authorization: Bearer $TOKEN" \\
    ${certificateUrl}`;
  return `With a token that is bound to a client certificate, at ${endpoint.domainName}:

  CERTIFICATES=${mutualTls.directory}
  TOKEN=$(${invocation('token', 'partner-app read --certificates $CERTIFICATES')} \\
    --endpoint ${mutualTlsTokenEndpoint})
${curl('client')}

With the same token and another certificate, 401:

${curl('other-client')}

With a token that is bound to a key, and a DPoP proof for the deployed URL:

  ${invocation('token', 'orders-app read')} \\
    --dpop ${deployedUrl} \\
    | curl -i -H @- ${url}`;
}
