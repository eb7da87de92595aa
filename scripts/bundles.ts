import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { part, parts, REQUIRE } from './parts';

export const ROOT = join(__dirname, '..');
const DIST = join(ROOT, 'dist');
const LAMBDA = join(ROOT, 'lambda');

/** Options of all bundles. The target is the oldest Node.js on which local mode runs them. */
const SHARED: BuildOptions = { bundle: true, platform: 'node', target: 'node20' };

/** Options of all code that is deployed. */
const DEPLOYED: BuildOptions = {
  ...SHARED,
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  // ES modules of packages first. `main` would double the size.
  mainFields: ['module', 'main'],
  // THIRD_PARTY_LICENSES has all comments.
  legalComments: 'none',
};

/** Directory of bundles that contain packages, such as an asset that is deployed as a function. */
export interface BundleDirectory {
  readonly directory: string;
  readonly bundles: readonly BuildOptions[];
}

function functionAsset(name: string, entryPoint: string): BundleDirectory {
  const directory = join(DIST, name);
  const outfile = join(directory, 'index.js');
  return {
    directory,
    bundles: [{ ...DEPLOYED, entryPoints: [join(LAMBDA, entryPoint)], outfile }],
  };
}

/**
 * Files of the authorizer function. A cold start reads `main.mjs`, `index.js` and the chunk that `index.js` names;
 * the other files are read by the functions that need them.
 */
function authorizerAsset(): BundleDirectory {
  const directory = join(DIST, 'authorizer');
  const file = (entryPoint: string, name: string, more: BuildOptions = {}): BuildOptions => ({
    ...DEPLOYED,
    entryPoints: [join(LAMBDA, entryPoint)],
    outfile: join(directory, name),
    ...more,
  });
  return {
    directory,
    bundles: [
      {
        ...DEPLOYED,
        entryPoints: [
          { in: join(LAMBDA, 'handler.ts'), out: 'index' },
          ...['minting', 'self-check', 'sender-verification', 'signature-verification'].map(part),
        ],
        plugins: [parts(LAMBDA, './handler')],
        outdir: directory,
        // Only ES modules can be split. The build converts them to CommonJS.
        format: 'esm',
        splitting: true,
        define: { require: REQUIRE },
      },
      file('io/authorization-server/jose.ts', 'jose.js'),
      file('io/aws/container-credentials.ts', 'container-credentials.js'),
      file('main.mts', 'main.mjs', { format: 'esm', sourcemap: false }),
    ],
  };
}

/** Functions: the assets that are deployed. */
export const FUNCTIONS = [
  authorizerAsset(),
  functionAsset('key-set', join('key-set', 'handler.ts')),
  functionAsset('rotation', join('rotation', 'handler.ts')),
];

/** Helper for Lambda functions behind the API. */
export const UPSTREAM: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'upstream', 'index.ts')],
  outfile: join(DIST, 'upstream', 'index.js'),
};

/** Construct library, as one file, so that it finds the authorizer's bundle as its source does. */
export const CONSTRUCTS: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'lib', 'index.ts')],
  outfile: join(DIST, 'index.js'),
  packages: 'external',
};

/** Runtime of local mode's execution environments. The target keeps `import()`, which loads both kinds of modules. */
const RUNTIME: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'local', 'lambda', 'runtime.ts')],
  outfile: join(DIST, 'local', 'runtime.js'),
};

/**
 * Reader of the deployment config, with which local mode reports faults before it loads the CDK. Of the CDK it loads a
 * small part only, and it contains its other packages, which load slowly.
 */
export const CONFIG_READER: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'lib', 'stack', 'config', 'deployment-config.ts')],
  outfile: join(DIST, 'local', 'config-reader.js'),
  external: ['aws-cdk-lib', 'constructs'],
};

/** Files that local mode loads or starts when it runs. */
export const LOCAL: BundleDirectory = {
  directory: join(DIST, 'local'),
  bundles: [RUNTIME, CONFIG_READER],
};

/** CDK app of `cdk.json`. Compiled, it starts in half the time. */
export const APP: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'bin', 'app.ts')],
  outfile: join(DIST, 'app.js'),
  packages: 'external',
  sourcemap: 'inline',
};

/** Command line, which the package `phantom-token` contains. Compiled, it starts half a second earlier. */
export const COMMAND_LINE: BuildOptions = {
  ...SHARED,
  entryPoints: [join(ROOT, 'cli', 'main.ts')],
  outfile: join(DIST, 'cli', 'main.js'),
  packages: 'external',
  banner: { js: '#!/usr/bin/env node' },
};
