/**
 * Validation error for an invalid prop of a construct. The message contains the property, the rule and the value.
 */
export class PropError extends Error {
  override readonly name = 'PropError';

  static {
    // Marks of the CDK, by which `Errors.isValidationError()` tells wrong input from defects.
    // https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Errors.html
    for (const kind of ['SynthesisError', 'ValidationError']) {
      Object.defineProperty(PropError.prototype, Symbol.for(`@aws-cdk/core.${kind}`), {
        value: true,
      });
    }
  }
}

/** @throws PropError if the rule does not hold for the value of the prop. */
export function assertProp(prop: string, value: unknown, rule: string, holds: boolean): void {
  if (!holds) throw new PropError(`${prop} ${rule}, got: ${JSON.stringify(value)}`);
}
