import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Stands in for `lambda/io/aws/services.ts`: the SDK's clients, with the same limits. */

export function createDynamoDb(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 500, throwOnRequestTimeout: true },
  });
}

export function createSecretsManager() {
  const client = new SecretsManagerClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
  });
  return (_operation: 'GetSecretValue', input: { readonly SecretId: string }) =>
    client.send(new GetSecretValueCommand(input));
}
