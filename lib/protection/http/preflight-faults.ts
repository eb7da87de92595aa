/** Route of an API, as far as it concerns preflight requests. */
interface PreflightRoute {
  /** Route key, such as `ANY /orders`; `undefined` if it is not known at synthesis. */
  readonly name: string | undefined;
  readonly isProtected: boolean;
}

/** Route that takes preflight requests in place of the default route. */
const DEFAULT_PREFLIGHT = 'OPTIONS /{proxy+}';

/**
 * Returns a fault for each protected route that takes preflight requests of an API with `corsPreflight`.
 *
 * @param protection path of the protection, for the advice
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function preflightFaults(
  routes: readonly PreflightRoute[],
  protection: string,
): readonly string[] {
  const handled = new Set(routes.filter((it) => !it.isProtected).map(({ name }) => name));
  return routes.flatMap(({ name = '', isProtected }) => {
    const preflight = name === '$default' ? DEFAULT_PREFLIGHT : name.replace(/^ANY /, 'OPTIONS ');
    const takesPreflight = preflight !== name && isProtected;
    if (!takesPreflight || handled.has(preflight)) return [];
    return [
      `${name}: takes preflight requests, which have no token, before corsPreflight handles ` +
        `them: name its methods, or declare ${preflight} with the publicAccess() of ${protection}`,
    ];
  });
}
