/** Error that the user can correct. Commands print its message without a stack trace and exit with 1. */
export class UserError extends Error {
  override readonly name: string = 'UserError';
}

/** Wrong or missing argument of a command. Commands exit with 2. */
export class UsageError extends UserError {
  override readonly name = 'UsageError';
}
