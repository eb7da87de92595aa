import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AuthorizerFunction } from '../authorizer/authorizer-function';
import type { AlarmOptions } from './alarm-options';
import { LATEST, SHORT } from './alarm-window';

/** Number of failures in the window from which they are no coincidence, such as a throttled call of AWS KMS. */
const MINIMUM_FAULTS = 3;

/** Time in which Secrets Manager retries a rotation, in days. */
const ROTATION_MARGIN_DAYS = 2;

/** Returns the options of the alarm for phantom tokens that cannot be signed, if the function mints them. */
export function signingFaultsAlarm(authorizer: AuthorizerFunction): AlarmOptions | undefined {
  if (authorizer.signingKeys === undefined) return undefined;
  return {
    metric: authorizer.metricSigningFaults({ period: SHORT.period }),
    threshold: MINIMUM_FAULTS,
    description:
      'Phantom tokens cannot be signed. Requests that no cache serves get 503 (500 from an HTTP API). The log has the fault.',
    section: 'signing-keys',
    window: SHORT,
  };
}

/** Returns the options of the alarm for a key that is older than its rotation allows, if it is rotated. */
export function signingKeyAgeAlarm(authorizer: AuthorizerFunction): AlarmOptions | undefined {
  const days = authorizer.signingKeys?.rotationDays;
  if (days === undefined) return undefined;
  return {
    metric: authorizer.metricSigningKeyAge({ period: LATEST.period }),
    threshold: days + ROTATION_MARGIN_DAYS,
    missing: TreatMissingData.IGNORE,
    description:
      'The signing keys are not rotated. Phantom tokens are still signed. The log of the rotation function has the reason.',
    section: 'signing-keys',
    window: LATEST,
  };
}
