/** Error response of an embedded AWS API, by its name in the API reference. */
export class AwsApiError extends Error {
  override readonly name = 'AwsApiError';

  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}
