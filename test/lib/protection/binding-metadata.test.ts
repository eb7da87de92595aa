import { bindingMetadata } from '../../../lib/protection/binding-metadata';
import type { ClientCertificates } from '../../../lib/protection/mutual-tls';

const DPOP = { dpop_signing_alg_values_supported: ['ES256', 'EdDSA', 'Ed25519', 'PS256'] };
const CERTIFICATES = { tls_client_certificate_bound_access_tokens: true };
const DPOP_REQUIRED = { dpop_bound_access_tokens_required: true };

test.each<[ClientCertificates, boolean, object]>([
  ['possible', false, { ...DPOP, ...CERTIFICATES }],
  ['possible', true, { ...DPOP, ...CERTIFICATES }],
  ['impossible', false, DPOP],
  ['impossible', true, { ...DPOP, ...DPOP_REQUIRED }],
  ['unknown', false, DPOP],
  ['unknown', true, DPOP],
])(
  'metadata states what clients can use if certificates are %s and bound tokens required: %s',
  (certificates, isRequired, members) => {
    expect(bindingMetadata(isRequired, certificates)).toEqual(members);
  },
);
