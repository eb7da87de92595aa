/** Account, region and partition that a stack is in. */
export interface Identity {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly urlSuffix: string;
}

/** Identity of a stack whose app names no account and region. */
export const LOCAL_IDENTITY: Identity = {
  accountId: '000000000000',
  region: 'us-east-1',
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
};

/** Returns the identity of a stack. An account or region that the app leaves open is that of local mode. */
export function identityOf(account: string, region: string): Identity {
  const local = LOCAL_IDENTITY;
  const china = region.startsWith('cn-');
  return {
    accountId: account === 'unknown-account' ? local.accountId : account,
    region: region === 'unknown-region' ? local.region : region,
    partition: china ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : local.partition,
    urlSuffix: china ? 'amazonaws.com.cn' : local.urlSuffix,
  };
}
