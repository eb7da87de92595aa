import {
  createAgeReports,
  earliestExpiry,
  REPORT_INTERVAL_SECONDS,
} from '../../../../lambda/io/authorization-server/certificate-expiry';
import { type Certificate, createCertificateAuthority } from '../../../support/certificates';
import { secret } from '../../../support/introspection';

const DAY = 86_400;
let expired: Certificate;
let valid: Certificate;

beforeAll(async () => {
  const authority = await createCertificateAuthority();
  valid = await authority.client('CN=gateway');
  expired = await authority.client('CN=gateway', { expired: true });
});

describe('earliestExpiry', () => {
  it('earliestExpiry returns when the first certificate of a bundle expires', () => {
    const first = earliestExpiry(expired.cert) ?? 0;

    expect(earliestExpiry(`${valid.cert}\n${expired.cert}`)).toBe(first);
    expect((earliestExpiry(valid.cert) ?? 0) - first).toBeCloseTo(2 * DAY, -1);
  });

  it.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----'])(
    'earliestExpiry returns nothing for %j',
    (text) => {
      expect(earliestExpiry(text)).toBeUndefined();
    },
  );
});

describe('createAgeReports', () => {
  function arrange(caBundle?: string) {
    const telemetry = { recordExpiry: jest.fn(), recordSecretAge: jest.fn() };
    const clock = { now: (earliestExpiry(valid.cert) ?? 0) - 10 * DAY };
    const report = createAgeReports({ telemetry, caBundle, now: () => clock.now });
    return { telemetry, clock, report };
  }

  it('reports the age of the secret and the expiry of both kinds of certificates in days', () => {
    const { telemetry, clock, report } = arrange(valid.cert);

    report(
      {
        kind: 'certificate',
        clientId: 'gateway',
        secret: 'x',
        certificate: valid.cert,
        privateKey: 'x',
      },
      clock.now - 36 * 3600,
    );

    expect(telemetry.recordSecretAge.mock.calls).toEqual([[1.5]]);
    expect(telemetry.recordExpiry.mock.calls).toEqual([
      ['client_certificate', 10],
      ['ca_bundle', 10],
    ]);
  });

  it('reports no expiry without certificates, and no age without a creation time', () => {
    const { telemetry, report } = arrange();

    report(secret('s'), undefined);

    expect(telemetry.recordExpiry).not.toHaveBeenCalled();
    expect(telemetry.recordSecretAge).not.toHaveBeenCalled();
  });

  it('reports ages once an hour, also if the secret is read more often', () => {
    const { telemetry, clock, report } = arrange();
    const start = clock.now;

    for (const elapsed of [0, 300, REPORT_INTERVAL_SECONDS - 1, REPORT_INTERVAL_SECONDS]) {
      clock.now = start + elapsed;
      report(secret('s'), start);
    }

    expect(telemetry.recordSecretAge).toHaveBeenCalledTimes(2);
  });
});
