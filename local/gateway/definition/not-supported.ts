import { UnsupportedTemplateError } from '../../template/unsupported';

/** Returns the error for a part of the template that local mode does not support. */
export function notSupported(subject: string): UnsupportedTemplateError {
  return new UnsupportedTemplateError(`${subject} is not supported in local mode`);
}
