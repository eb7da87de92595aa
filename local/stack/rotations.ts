import { z } from 'zod';
import type { Invoke } from '../gateway/integrations/lambda/invoke';
import type { ResolvedTemplate } from '../template/resolve';
import { parseProperties } from '../template/unsupported';

const SCHEDULE = 'AWS::SecretsManager::RotationSchedule';

/** Resource types of rotations. */
export const ROTATION_RESOURCE_TYPES: readonly string[] = [SCHEDULE];

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-rotationschedule.html */
const scheduleSchema = z.strictObject({
  SecretId: z.string(),
  RotationLambdaARN: z.string().optional(),
  // CloudFormation's default.
  RotateImmediatelyOnUpdate: z.boolean().default(true),
  // Nothing is rotated by schedule locally.
  RotationRules: z.unknown().optional(),
  HostedRotationLambda: z.unknown().optional(),
});

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html */
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

interface RotationsOptions {
  readonly template: ResolvedTemplate;
  readonly invoke: Invoke;
  readonly log: (line: string) => void;
}

/** Rotations of the secrets of a stack, by the functions that the template names. */
export class Rotations {
  readonly #invoke: Invoke;
  readonly #log: (line: string) => void;
  /** ARNs of rotation functions by that of the secret. */
  readonly #functions = new Map<string, string>();
  readonly #running = new Set<Promise<void>>();
  /**
   * ARNs of the secrets that a deployment rotates. A secret whose value the template does not set is not among them:
   * it contains credentials for another system, which would be replaced there.
   */
  readonly rotatedAtStart: readonly string[];

  /** @throws UnsupportedTemplateError naming an unsupported property. */
  constructor({ template, invoke, log }: RotationsOptions) {
    this.#invoke = invoke;
    this.#log = log;
    const schedules = template
      .ofType(SCHEDULE)
      .map((resource) => parseProperties(resource, scheduleSchema));
    for (const { SecretId, RotationLambdaARN } of schedules) {
      if (RotationLambdaARN !== undefined) this.#functions.set(SecretId, RotationLambdaARN);
    }
    const isSet = (arn: string) =>
      template
        .ofType('AWS::SecretsManager::Secret')
        .some(({ ref, properties }) => ref === arn && 'SecretString' in (properties as object));
    this.rotatedAtStart = schedules
      .filter((it) => it.RotateImmediatelyOnUpdate && this.#functions.has(it.SecretId))
      .map(({ SecretId }) => SecretId)
      .filter(isSet);
  }

  /** Starts a rotation in the background, into a staged version. A failure is logged. */
  start(secretArn: string, versionId: string): void {
    const running = this.#run(secretArn, versionId)
      .catch((error: Error) => this.#log(`warning: rotation of ${secretArn}: ${error.message}`))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when no rotation is running. Never rejects. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run(SecretId: string, ClientRequestToken: string): Promise<void> {
    const rotationFunction = this.#functions.get(SecretId);
    if (rotationFunction === undefined) throw new Error('the secret has no rotation function');
    for (const Step of STEPS) {
      const result = await this.#invoke(rotationFunction, { Step, SecretId, ClientRequestToken });
      if ('error' in result) throw new Error(`${Step} failed: ${result.error.errorMessage}`);
    }
  }
}
