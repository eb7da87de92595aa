import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

/** The runtime as a file that a plain `node` runs. */
export interface RuntimeScript {
  readonly path: string;
  remove(): void;
}

/**
 * Turns the runtime into JavaScript, in a temporary directory: an execution environment must not
 * load a TypeScript loader, which the real one does not have and which costs it its cold start.
 */
export function writeRuntimeScript(): RuntimeScript {
  const source = readFileSync(join(__dirname, 'runtime.ts'), 'utf8');
  const { code } = transformSync(source, {
    loader: 'ts',
    format: 'cjs',
    platform: 'node',
    // Keeps `import()`, which loads CommonJS and ES modules alike.
    target: 'node20',
  });
  const directory = mkdtempSync(join(tmpdir(), 'execution-environment-'));
  const path = join(directory, 'runtime.js');
  writeFileSync(path, code);
  return { path, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
