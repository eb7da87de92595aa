import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { CACHE, ROOT } from '../build';

/** Replaces what of the authorizer talks to AWS, by what of this directory has the same name. */
const sdkInstead: Plugin = {
  name: 'sdk-instead',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/io\/aws\/(services|token-table)$/ }, ({ path }) => ({
      path: join(__dirname, `${path.split('/').pop()}.ts`),
    })),
};

/** Bundles the authorizer as `scripts/build.ts` does, but with the SDK's clients instead of its own. */
export async function buildSdkAuthorizer(): Promise<string> {
  const outfile = join(CACHE, 'sdk-authorizer.js');
  await build({
    entryPoints: [join(ROOT, 'lambda', 'handler.ts')],
    outfile,
    plugins: [sdkInstead],
    // Not loaded here, since the benchmark of the SDK mints nothing.
    external: ['./minting', './signature-verification', './self-check', './container-credentials'],
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true,
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  return outfile;
}
