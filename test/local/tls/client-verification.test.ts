import type { TLSSocket } from 'node:tls';
import { verifiedClient } from '../../../local/tls/client-verification';

const clientOf = (authorized: boolean, certificate?: object) =>
  verifiedClient({
    authorized,
    authorizationError: 'CERT_HAS_EXPIRED',
    getPeerX509Certificate: () => certificate,
  } as unknown as TLSSocket);

test('a client without a certificate is not trusted, even if Node.js reports so for a resumed session', () => {
  expect([clientOf(true), clientOf(false)]).toEqual(['absent', 'absent']);
});

test('a client with a certificate is trusted as the TLS layer has verified it', () => {
  expect(clientOf(true, {})).toBe('trusted');
  expect(clientOf(false, {})).toEqual({ untrusted: 'CERT_HAS_EXPIRED' });
});
