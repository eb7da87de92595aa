import { Errors } from 'aws-cdk-lib';
import { PropError } from '../../../lib';

test('a PropError is a validation error of the CDK, and no defect of a construct', () => {
  const error = new PropError('maxAuthorizers must be between 1 and 10, got: 11');

  expect(Errors.isValidationError(error)).toBe(true);
  expect(Errors.isAssumptionError(error)).toBe(false);
  expect(Object.keys(error)).toEqual(['name']);
});
