/** Environment variables, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The domains of each partition, for a region's endpoints and for those that also take IPv6. The first
 * whose prefix the region has is the region's.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 * @see https://github.com/aws/aws-sdk-js-v3/blob/main/packages-internal/core/src/submodules/client/util-endpoints/lib/aws/partitions.json
 */
const PARTITIONS = [
  { id: 'aws-cn', prefix: 'cn-', domain: 'amazonaws.com.cn', dual: 'api.amazonwebservices.com.cn' },
  { id: 'aws-eusc', prefix: 'eusc-', domain: 'amazonaws.eu', dual: 'api.amazonwebservices.eu' },
  { id: 'aws-iso', prefix: 'us-iso-', domain: 'c2s.ic.gov', dual: 'api.aws.ic.gov' },
  { id: 'aws-iso-b', prefix: 'us-isob-', domain: 'sc2s.sgov.gov', dual: 'api.aws.scloud' },
  { id: 'aws-iso-e', prefix: 'eu-isoe-', domain: 'cloud.adc-e.uk', dual: 'api.cloud-aws.adc-e.uk' },
  { id: 'aws-iso-f', prefix: 'us-isof-', domain: 'csp.hci.ic.gov', dual: 'api.aws.hci.ic.gov' },
  { id: 'aws-us-gov', prefix: 'us-gov-', domain: 'amazonaws.com', dual: 'api.aws' },
  { id: 'aws', prefix: '', domain: 'amazonaws.com', dual: 'api.aws' },
] as const;

type Partition = (typeof PARTITIONS)[number]['id'];

/** A service by the names that endpoints and settings know it by. */
export interface AwsService {
  /** Name in host names and signatures: `secretsmanager`. */
  readonly name: string;
  /** Name in the environment variable of its own endpoint: `SECRETS_MANAGER`. */
  readonly environmentId: string;
  /** Partitions whose IPv4 endpoint is a FIPS endpoint and has no other name as such. */
  readonly alwaysFips: readonly Partition[];
  /** Partitions whose usual endpoint supports IPv6 and has no other name for it. */
  readonly alwaysDualStack: readonly Partition[];
}

/** A region is one label of a host name, and nothing that could lead to another host. */
const REGION = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * Returns the endpoint of a service: the one that the environment names, else the region's, in the
 * configured variant (FIPS, dual stack).
 *
 * @throws Error if there is no region, or the settings contradict each other.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
 */
export function awsEndpoint(service: AwsService, environment: Environment): URL {
  const fips = isTrue(environment['AWS_USE_FIPS_ENDPOINT']);
  const dualStack = isTrue(environment['AWS_USE_DUALSTACK_ENDPOINT']);
  const custom = customEndpoint(service, environment);
  if (custom !== undefined) {
    // A custom endpoint would silently ignore a requirement of FIPS.
    if (fips || dualStack) {
      throw new Error('a custom AWS endpoint allows neither FIPS nor dual stack');
    }
    return new URL(custom);
  }
  const region = awsRegion(environment);
  const { id, domain, dual } = partitionOf(region);
  const alreadyFips = !dualStack && service.alwaysFips.includes(id);
  const suffix = fips && !alreadyFips ? '-fips' : '';
  const under = dualStack && !service.alwaysDualStack.includes(id) ? dual : domain;
  return new URL(`https://${service.name}${suffix}.${region}.${under}`);
}

function partitionOf(region: string): (typeof PARTITIONS)[number] {
  return PARTITIONS.find(({ prefix }) => region.startsWith(prefix)) ?? PARTITIONS[7];
}

/** The function's region; Lambda always sets it. */
export function awsRegion(environment: Environment): string {
  const region = environment['AWS_REGION'] ?? '';
  if (!REGION.test(region)) throw new Error('AWS_REGION names no region');
  return region;
}

function customEndpoint(
  { environmentId }: AwsService,
  environment: Environment,
): string | undefined {
  if (isTrue(environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'])) return undefined;
  const own = environment[`AWS_ENDPOINT_URL_${environmentId}`];
  return own || environment['AWS_ENDPOINT_URL'] || undefined;
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}
