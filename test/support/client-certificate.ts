/**
 * Client certificate with fixed times. It is valid for one hour, both ends included.
 * The key that signed it was not kept.
 */
export const CLIENT_CERTIFICATE = {
  /** Epoch seconds. */
  validFrom: 1_800_000_000,
  /** Epoch seconds. */
  validTo: 1_800_003_600,
  /** SHA-256 of the DER form, computed by OpenSSL. */
  thumbprint: '6eNrnzdmvfzObTck8l_8dXT5QNMigig0x14bbtaoK8w',
  pem: `-----BEGIN CERTIFICATE-----
MIIBDzCBtaADAgECAgEBMAoGCCqGSM49BAMCMA8xDTALBgNVBAMTBHNob3AwHhcN
MjcwMTE1MDgwMDAwWhcNMjcwMTE1MDkwMDAwWjAPMQ0wCwYDVQQDEwRzaG9wMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAET754QqCCR3P52edv9fQiU6eJZZUAdV0x
klpc5o4g/5NInc+bh1wj1tJUtE6adq+WNYMoz4TX4GBTWtSoWCAm2KMCMAAwCgYI
KoZIzj0EAwIDSQAwRgIhAJnyugpYnfmL7OlUg6c9PN7lO7vko4JRgCd4dB4yB0MO
AiEAkEawME9/rJwTfGrH504RPryJyS8wF5ghjJ6+Obwpltk=
-----END CERTIFICATE-----`,
};
