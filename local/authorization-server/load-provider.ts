/**
 * Loads oidc-provider. On Node.js 20 it warns, while it loads, that it is not supported there.
 * What local mode uses of it works there, which local mode's tests show, so the one line is left
 * out: it reads like a fault of the demo. Every other warning stays.
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
