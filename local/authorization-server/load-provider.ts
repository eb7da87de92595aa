/**
 * Loads oidc-provider without its warning that Node.js 20 is not supported. Local mode's tests show that
 * the features in use work there.
 */
export async function loadProvider(): Promise<typeof import('oidc-provider')> {
  return withoutWarning('Unsupported runtime', () => import('oidc-provider'));
}

/** Runs a function without a warning of oidc-provider. Other warnings are printed. */
export function withoutWarning<Result>(warning: string, run: () => Result): Result {
  const { warn } = console;
  console.warn = (...message: unknown[]) => {
    if (!String(message[0]).includes(warning)) warn(...message);
  };
  const restore = () => {
    console.warn = warn;
  };
  let result: Result | undefined;
  try {
    result = run();
    return result;
  } finally {
    if (result instanceof Promise) result.then(restore, restore);
    else restore();
  }
}
