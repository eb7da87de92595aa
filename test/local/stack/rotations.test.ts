import { Rotations } from '../../../local/stack/rotations';
import { resolveTemplate } from '../../../local/template/resolve';
import { rejectUnsupportedTypes } from '../../../local/template/supported-resources';

const SECRET = 'AWS::SecretsManager::Secret';
const schedule = (more: object = {}) => ({
  Type: 'AWS::SecretsManager::RotationSchedule',
  Properties: {
    SecretId: { Ref: 'Secret' },
    RotationLambdaARN: 'arn:aws:lambda:us-east-1:000000000000:function:rotate',
    RotationRules: { ScheduleExpression: 'rate(30 days)' },
    ...more,
  },
});
const templateOf = (Resources: object) => resolveTemplate({ Resources }, { stackName: 'Stack' });

function rotationsOf(secret: object, more: object = {}, failing?: string) {
  const template = templateOf({
    Secret: { Type: SECRET, Properties: secret },
    Schedule: schedule(more),
  });
  const steps: string[] = [];
  const logs: string[] = [];
  const rotations = new Rotations({
    template,
    log: (line) => logs.push(line),
    async invoke(arn, event) {
      const { Step } = event as { Step: string };
      steps.push(`${arn.replace(/^.*:/, '')} ${Step}`);
      const error = { errorType: 'Error', errorMessage: 'no keys' };
      return Step === failing ? { error } : { payload: null };
    },
  });
  const [arn = ''] = template.ofType(SECRET).map(({ ref }) => ref);
  return { rotations, steps, logs, arn };
}

describe('rotations of a stack', () => {
  it('a rotation invokes the function of the secret with the four steps', async () => {
    const { rotations, steps, logs, arn } = rotationsOf({ SecretString: '{}' });

    rotations.start(arn, 'version');
    await rotations.settled();

    expect(rotations.rotatedAtStart).toEqual([arn]);
    expect(steps).toEqual([
      'rotate createSecret',
      'rotate setSecret',
      'rotate testSecret',
      'rotate finishSecret',
    ]);
    expect(logs).toEqual([]);
  });

  it('a step that fails ends the rotation with a warning', async () => {
    const { rotations, steps, logs, arn } = rotationsOf({ SecretString: '{}' }, {}, 'testSecret');

    rotations.start(arn, 'version');
    await rotations.settled();

    expect(steps).toHaveLength(3);
    expect(logs).toEqual([`warning: rotation of ${arn}: testSecret failed: no keys`]);
  });

  it('a rotation of a secret without a function ends with a warning', async () => {
    const { rotations, steps, logs } = rotationsOf({ SecretString: '{}' });

    rotations.start('arn:other', 'version');
    await rotations.settled();

    expect(steps).toEqual([]);
    expect(logs).toEqual(['warning: rotation of arn:other: the secret has no rotation function']);
  });

  it.each([
    ['whose value the template does not set', { GenerateSecretString: {} }, {}],
    ['that rotates by schedule only', { SecretString: '{}' }, { RotateImmediatelyOnUpdate: false }],
    ['that AWS rotates', { SecretString: '{}' }, { RotationLambdaARN: undefined }],
  ])('the start does not rotate a secret %s', (_, secret, more) => {
    expect(rotationsOf(secret, more).rotations.rotatedAtStart).toEqual([]);
  });

  it('a property that has no effect locally is an error', () => {
    expect(() => rotationsOf({}, { Other: 1 })).toThrow(/Schedule \(AWS::Sec.*RotationSchedule\)/);
  });
});

describe('keys of KMS', () => {
  const check = (Variables: object) => () => {
    const key = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
    const template = templateOf({
      Key: { Type: 'AWS::KMS::Key', Properties: key },
      Signer: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables } } },
    });
    rejectUnsupportedTypes(template, ['AWS::Lambda::Function']);
  };

  it('local mode rejects phantom tokens that a key of KMS signs, and names the alternative', () => {
    expect(check({ SIGNING_KMS_KEY_ARN: { 'Fn::GetAtt': ['Key', 'Arn'] } })).toThrow(
      'not supported in local mode: Signer (AWS::Lambda::Function): keys in AWS KMS. Sign with keys in a secret',
    );
  });

  it('local mode ignores other keys of KMS, also of functions', () => {
    expect(check({ DNSSEC_KEY_ARN: { 'Fn::GetAtt': ['Key', 'Arn'] } })).not.toThrow();
  });
});
