import { createRequire } from 'node:module';

/**
 * Entry point of the function. Lambda completes the initialization of an ES module, top-level `await` included,
 * before it passes an event. The code itself is CommonJS, since an ES module would load all of `node:crypto`.
 *
 * @see https://aws.amazon.com/blogs/compute/using-node-js-es-modules-and-top-level-await-in-aws-lambda/
 */
const { handler, prepare } = createRequire(import.meta.url)(
  './index.js',
) as typeof import('./handler.js');

await prepare();

export { handler };
