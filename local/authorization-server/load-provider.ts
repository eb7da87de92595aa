/**
 * Loads oidc-provider without its warning that Node.js 20 is not supported. Local mode's tests show that
 * the features in use work there. Other warnings are printed.
 */
export async function loadProvider(): Promise<typeof import('oidc-provider')> {
  const { warn } = console;
  console.warn = (...message: unknown[]) => {
    if (!String(message[0]).includes('Unsupported runtime')) warn(...message);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
