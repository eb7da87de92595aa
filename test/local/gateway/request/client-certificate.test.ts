import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { clientCertificate } from '../../../../local/gateway/request/client-certificate';
import { createCertificateAuthority } from '../../../support/certificates';

function socketWith(certificate: Partial<X509Certificate> | undefined): TLSSocket {
  return Object.assign(Object.create(TLSSocket.prototype), {
    getPeerX509Certificate: () => certificate,
  });
}

describe('the client certificate of an event', () => {
  it('the client certificate of an event has the certificate as PEM', async () => {
    const { cert } = await (await createCertificateAuthority()).client('CN=shop');
    const described = clientCertificate(socketWith(new X509Certificate(cert)));

    expect(new X509Certificate(described?.clientCertPem ?? '').raw).toEqual(
      new X509Certificate(cert).raw,
    );
  });

  it.each([
    ['01', '1'],
    ['0FFFFFFFFFFFFFFF', '1152921504606846975'],
    ['A1B2C3D4E5F60718293A4B5C6D7E8F90', 'a1:b2:c3:d4:e5:f6:07:18:29:3a:4b:5c:6d:7e:8f:90'],
  ])('the client certificate of an event has the serial number %s as %s', (serialNumber, text) => {
    const certificate = {
      ...{ serialNumber, subject: 'C=US\nO=Example\nCN=My Client', issuer: 'CN=My CA' },
      ...{ validFrom: 'Aug 29 00:28:21 2020 GMT', validTo: 'Aug  5 00:28:21 2120 GMT' },
    };

    expect(clientCertificate(socketWith(certificate))).toMatchObject({
      subjectDN: 'C=US,O=Example,CN=My Client',
      issuerDN: 'CN=My CA',
      serialNumber: text,
      validity: {
        notBefore: 'Aug 29 00:28:21 2020 GMT',
        notAfter: 'Aug  5 00:28:21 2120 GMT',
      },
    });
  });

  it('the client certificate of an event is absent without TLS, and where the client presents none', () => {
    expect(clientCertificate({} as Socket)).toBeUndefined();
    expect(clientCertificate(socketWith(undefined))).toBeUndefined();
  });
});
