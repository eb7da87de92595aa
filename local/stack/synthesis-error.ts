import { UserError } from '../../terminal/user-error';

/** Failure of the app to synthesize, with the app's own message. */
export class SynthesisError extends UserError {
  override readonly name = 'SynthesisError';
}
