export {
  type Certificate,
  type CertificateAuthority,
  createCertificateAuthority,
} from '../../local/tls/certificate-authority';
