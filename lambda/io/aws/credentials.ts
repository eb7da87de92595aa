import { createSingleFlight } from '../../core/single-flight';
import type { Environment } from './endpoint';
import type { AwsCredentials } from './signature';

/** Fetched credentials are renewed so long before they end, in milliseconds. */
const RENEWAL_MARGIN_MS = 300_000;

type FetchedCredentials = AwsCredentials & { readonly expiration?: Date };

/**
 * Creates the source of the credentials that the function has from its role: environment variables,
 * looked at each time, for they may change; where Lambda serves them by an endpoint instead, from there.
 *
 * @returns a function that throws Error if no credentials can be had.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export function createAwsCredentials(environment: Environment) {
  let fetched: FetchedCredentials | undefined;
  const fetches = createSingleFlight<FetchedCredentials>();

  return async function awsCredentials(): Promise<AwsCredentials> {
    const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
    const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
    if (accessKeyId && secretAccessKey) {
      return { accessKeyId, secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'] };
    }
    return fetched !== undefined && lastsLonger(fetched, RENEWAL_MARGIN_MS) ? fetched : renew();
  };

  /** Renews the credentials. Those that cannot be renewed are used until they expire. */
  async function renew(): Promise<AwsCredentials> {
    try {
      fetched = await fetches.run(fetchCredentials);
    } catch (error) {
      if (fetched === undefined || !lastsLonger(fetched, 0)) throw error;
    }
    return fetched;
  }
}

function lastsLonger({ expiration }: FetchedCredentials, milliseconds: number): boolean {
  return expiration !== undefined && Date.now() < expiration.getTime() - milliseconds;
}

async function fetchCredentials(): Promise<FetchedCredentials> {
  // Loaded here, since environments with the variables, which is the usual case, do not need it.
  const { fromContainerMetadata } =
    require('./container-credentials') as typeof import('./container-credentials');
  return fromContainerMetadata({ timeout: 1000, maxRetries: 1 })();
}
