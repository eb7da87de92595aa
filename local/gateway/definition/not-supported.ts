import { NotImitatedError } from '../../template/unsupported';

/** Returns the error for a part of the template that local mode does not support. */
export function notSupported(subject: string): NotImitatedError {
  return new NotImitatedError(`${subject} is not supported in local mode`);
}
