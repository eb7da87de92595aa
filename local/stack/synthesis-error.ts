/** Failure of the app to synthesize, with the app's own message. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}
