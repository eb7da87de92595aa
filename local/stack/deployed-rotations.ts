import type { Invoke } from '../gateway/integrations/lambda/invoke';
import type { ResolvedTemplate } from '../template/resolve';
import type { EmbeddedAws } from './embedded-aws';
import { Rotations } from './rotations';

interface DeployedRotationsOptions {
  readonly aws: Pick<EmbeddedAws, 'resetSecret' | 'rotateSecret'>;
  readonly invoke: Invoke;
  readonly log: (line: string) => void;
}

/** Rotations of a stack that is deployed several times: each secret is rotated by the first deployment that has it. */
export class DeployedRotations {
  readonly #options: DeployedRotationsOptions;
  readonly #rotated = new Set<string>();
  #rotations: Rotations | undefined;

  constructor(options: DeployedRotationsOptions) {
    this.#options = options;
  }

  /** ARNs of the secrets that a deployment rotates. */
  get secrets(): readonly string[] {
    return this.#rotations?.rotatedAtStart ?? [];
  }

  /** Starts a rotation in the background, by the functions of the last deployment. */
  start(secretArn: string, versionId: string): void {
    this.#rotations?.start(secretArn, versionId);
  }

  /**
   * Rotates the secrets that the deployment of a template creates.
   *
   * @throws UnsupportedTemplateError naming an unsupported property.
   */
  async deploy(template: ResolvedTemplate): Promise<void> {
    this.#rotations = new Rotations({ ...this.#options, template });
    await this.rotate(this.secrets.filter((arn) => !this.#rotated.has(arn)));
  }

  /** Rotates secrets. Resolves when the rotations have succeeded or failed. */
  async rotate(arns = this.secrets): Promise<void> {
    for (const arn of arns) {
      this.#rotated.add(arn);
      this.#options.aws.rotateSecret(arn);
    }
    await this.#rotations?.settled();
  }

  /** Sets the secrets to their first values again, and rotates them. */
  async replace(): Promise<void> {
    for (const arn of this.secrets) this.#options.aws.resetSecret(arn);
    await this.rotate();
  }
}
