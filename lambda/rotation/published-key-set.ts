import type { PublicKeySet } from '../core/signing-keys';
import type { AwsClient } from '../io/aws/client';

/** Published key set: the value of a parameter in Systems Manager. */
export class PublishedKeySet {
  constructor(
    private readonly systemsManager: AwsClient,
    private readonly parameterName: string,
  ) {}

  async write(keySet: PublicKeySet): Promise<void> {
    await this.systemsManager('PutParameter', {
      Name: this.parameterName,
      Value: JSON.stringify(keySet),
      Overwrite: true,
    });
  }

  /** @throws Error if the parameter has another value. */
  async test(keySet: PublicKeySet): Promise<void> {
    const { Parameter } = await this.systemsManager('GetParameter', { Name: this.parameterName });
    if ((Parameter as { Value?: unknown } | undefined)?.Value !== JSON.stringify(keySet)) {
      throw new Error(`the parameter ${this.parameterName} must contain the keys of the rotation`);
    }
  }
}
