const former = process.env;

/**
 * Loads the handler of a function with environment variables, as an execution environment does. They are restored
 * after each test.
 *
 * @param module absolute path of the module
 */
export function loadHandler<Handler>(
  module: string,
  variables: Readonly<Record<string, string>>,
): Handler {
  let handler: Handler | undefined;
  process.env = { ...former, ...variables };
  jest.isolateModules(() => {
    ({ handler } = require(module));
  });
  if (handler === undefined) throw new Error('there is no handler');
  return handler;
}

afterEach(() => {
  process.env = former;
});
