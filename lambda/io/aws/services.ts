import { type AwsClient, createAwsClient } from './client';
import type { AwsService, Environment } from './endpoint';

/** @see https://docs.aws.amazon.com/general/latest/gr/ddb.html */
export const DYNAMODB: AwsService = {
  name: 'dynamodb',
  environmentId: 'DYNAMODB',
  alwaysFips: ['aws-us-gov'],
  alwaysDualStack: [],
};

/** @see https://docs.aws.amazon.com/general/latest/gr/asm.html */
export const SECRETS_MANAGER: AwsService = {
  name: 'secretsmanager',
  environmentId: 'SECRETS_MANAGER',
  alwaysFips: [],
  alwaysDualStack: ['aws', 'aws-cn', 'aws-us-gov'],
};

/** @see https://docs.aws.amazon.com/general/latest/gr/ssm.html */
export const SYSTEMS_MANAGER: AwsService = {
  name: 'ssm',
  environmentId: 'SSM',
  alwaysFips: ['aws-us-gov'],
  alwaysDualStack: [],
};

/** @see https://docs.aws.amazon.com/general/latest/gr/kms.html */
export const KMS: AwsService = {
  name: 'kms',
  environmentId: 'KMS',
  alwaysFips: [],
  alwaysDualStack: [],
};

/** Timeout of the cache's table: after it, the request continues without the cache. */
const CACHE_TIMEOUT_MS = 500;

/**
 * @param timeoutMs timeout of each attempt.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
 */
export function createDynamoDb(environment: Environment, timeoutMs = CACHE_TIMEOUT_MS): AwsClient {
  return createAwsClient({
    service: DYNAMODB,
    targetPrefix: 'DynamoDB_20120810',
    jsonVersion: '1.0',
    timeoutMs,
    environment,
  });
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html */
export function createSecretsManager(environment: Environment): AwsClient {
  return createAwsClient({
    service: SECRETS_MANAGER,
    targetPrefix: 'secretsmanager',
    jsonVersion: '1.1',
    timeoutMs: 1000,
    environment,
  });
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html */
export function createSystemsManager(environment: Environment): AwsClient {
  return createAwsClient({
    service: SYSTEMS_MANAGER,
    targetPrefix: 'AmazonSSM',
    jsonVersion: '1.1',
    timeoutMs: 1000,
    environment,
  });
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html */
export function createKms(environment: Environment): AwsClient {
  return createAwsClient({
    service: KMS,
    targetPrefix: 'TrentService',
    jsonVersion: '1.1',
    timeoutMs: 1000,
    environment,
  });
}
