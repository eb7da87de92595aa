import { readSigningKeys } from '../../../lambda/core/signing-keys';
import { createSecretsManager } from '../../../lambda/io/aws/services';
import type { RotationEvent } from '../../../lambda/rotation/rotation';
import { startParameterStore } from '../../../local/aws/parameter-store';
import { startSecretsManager } from '../../../local/aws/secrets-manager';
import { loadHandler } from '../../support/isolated-handler';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:signing-AbCdEf';
const VARIABLES = {
  SIGNING_KEYS_SECRET_ARN: ARN,
  SIGNING_ALGORITHM: 'EdDSA',
  KEY_SET_PARAMETER: 'key-set',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'any',
  AWS_SECRET_ACCESS_KEY: 'any',
};
const HANDLER = require.resolve('../../../lambda/rotation/handler');
type Handler = (event: RotationEvent) => Promise<void>;
const handlerWith = (variables: Readonly<Record<string, string>>) =>
  loadHandler<Handler>(HANDLER, variables);

describe('the handler of the rotation function', () => {
  it('the rotation function makes keys of the configured algorithm, and publishes them', async () => {
    const [secrets, parameters] = await Promise.all([
      startSecretsManager(() => undefined),
      startParameterStore(),
    ]);
    try {
      secrets.addSecret(ARN, 'signing', '{}');
      const properties = { Type: 'String', Value: '{"keys":[]}' };
      const parameter = { logicalId: 'KeySet', type: 'AWS::SSM::Parameter', properties };
      parameters.createParameter(parameter, 'key-set');
      const variables = {
        ...VARIABLES,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint.href,
        AWS_ENDPOINT_URL_SSM: parameters.endpoint.href,
      };
      const handler = handlerWith(variables);
      const secretsManager = createSecretsManager(variables);
      const ClientRequestToken = 'c'.repeat(36);
      await secretsManager('RotateSecret', { SecretId: ARN, ClientRequestToken });

      for (const Step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret']) {
        await handler({ Step, SecretId: ARN, ClientRequestToken });
      }

      const { SecretString } = await secretsManager('GetSecretValue', { SecretId: ARN });
      const { current, rotatedAt } = readSigningKeys(String(SecretString));
      expect(current.algorithm).toBe('EdDSA');
      expect(Number.isSafeInteger(rotatedAt)).toBe(true);
    } finally {
      await Promise.all([secrets.close(), parameters.close()]);
    }
  });

  it.each([
    ['SIGNING_KEYS_SECRET_ARN', '', 'SIGNING_KEYS_SECRET_ARN must be set'],
    ['KEY_SET_PARAMETER', '', 'KEY_SET_PARAMETER must be set'],
    ['SIGNING_ALGORITHM', 'HS256', 'SIGNING_ALGORITHM must be a signature algorithm, got: HS256'],
  ])('the rotation function does not start if %s is %j', (name, value, message) => {
    expect(() => handlerWith({ ...VARIABLES, [name]: value })).toThrow(message);
  });
});
