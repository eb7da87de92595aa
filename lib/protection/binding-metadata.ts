import { DPOP_ALGORITHMS } from '../../lambda/contract';
import type { ClientCertificates } from './mutual-tls';

/**
 * Returns the members of a resource's metadata about tokens that are bound to their senders. Both kinds of binding are
 * accepted. So DPoP is required of all clients only if none can present a certificate.
 *
 * @param isRequired true if tokens must be bound
 * @param certificates knowledge of whether clients of the resource can present certificates
 * @see https://www.rfc-editor.org/rfc/rfc9728#section-2
 */
export function bindingMetadata(isRequired: boolean, certificates: ClientCertificates): object {
  const requiresDpop = isRequired && certificates === 'impossible';
  return {
    ...(certificates === 'possible' && { tls_client_certificate_bound_access_tokens: true }),
    dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    ...(requiresDpop && { dpop_bound_access_tokens_required: true }),
  };
}

/** All members that {@link bindingMetadata} can return. */
export const LONGEST_BINDING = {
  ...bindingMetadata(true, 'possible'),
  ...bindingMetadata(true, 'impossible'),
};
