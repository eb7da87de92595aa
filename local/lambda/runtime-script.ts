import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

/** Runtime as a JavaScript file. */
export interface RuntimeScript {
  readonly path: string;
  remove(): void;
}

/**
 * Compiles the runtime to JavaScript in a temporary directory. A TypeScript loader in the execution
 * environment would differ from AWS and slow the cold start down.
 */
export function writeRuntimeScript(): RuntimeScript {
  const source = readFileSync(join(__dirname, 'runtime.ts'), 'utf8');
  const { code } = transformSync(source, {
    loader: 'ts',
    format: 'cjs',
    platform: 'node',
    // This target keeps `import()`, which loads CommonJS and ES modules.
    target: 'node20',
  });
  const directory = mkdtempSync(join(tmpdir(), 'execution-environment-'));
  const path = join(directory, 'runtime.js');
  writeFileSync(path, code);
  return { path, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
