import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './root';

/** Package as `npm publish` would publish it. */
export interface Tarball {
  readonly file: string;
  /** Sorted paths of its files. */
  readonly paths: readonly string[];
}

/** Compiles and packs the project. */
export function pack(directory: string): Tarball {
  const printed = execute('npm', ['pack', '--silent', '--pack-destination', directory], ROOT);
  const file = join(directory, printed.trim().split('\n').at(-1) ?? '');
  const listed = execute('tar', ['-tzf', file], directory).trim().split('\n');
  return { file, paths: listed.map((path) => path.replace(/^package\//, '')).sort() };
}

/** Project that depends on the package. */
export interface Consumer {
  readonly directory: string;
  /** Directory of the installed package. */
  readonly installed: string;
  /**
   * Compiles its sources with the TypeScript compiler.
   *
   * @throws Error with the output of the compiler.
   */
  compile(compilerOptions: object): void;
  /** Runs a compiled file with plain Node.js and returns its output. */
  run(file: string): string;
}

/** Packages that npm would install with it: a peer, its dependency, and Node's types. */
const NEIGHBOURS = ['constructs', 'zod', '@types/node'];

/** Packages with the newest and the lowest version of the CDK that the package supports. */
export type Cdk = 'aws-cdk-lib' | 'aws-cdk-lib-lowest';

/**
 * Creates a project and installs the tarball into it without the network: its dependencies are links to
 * the packages of this project.
 *
 * @param cdk package with the version of the CDK that the project has.
 * @param sources files of `test/package/consumer` by their names in the project.
 */
export function installPackage(
  directory: string,
  { file }: Tarball,
  cdk: Cdk,
  sources: Readonly<Record<string, string>>,
): Consumer {
  const modules = join(directory, 'node_modules');
  const installed = join(modules, 'phantom-token-authorizer');
  mkdirSync(installed, { recursive: true });
  execute('tar', ['-xzf', file, '--strip-components=1', '-C', installed], directory);
  const link = (name: string, target = name) => {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', target), join(modules, name), 'dir');
  };
  link('aws-cdk-lib', cdk);
  for (const name of NEIGHBOURS) link(name);
  for (const [name, source] of Object.entries(sources)) {
    copyFileSync(join(ROOT, 'test', 'package', 'consumer', source), join(directory, name));
  }
  return {
    directory,
    installed,
    compile(options) {
      const config = { compilerOptions: { strict: true, skipLibCheck: true, ...options } };
      writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
      execute(process.execPath, [require.resolve('typescript/bin/tsc')], directory);
    },
    run: (path) => execute(process.execPath, [path], directory),
  };
}

function execute(command: string, args: readonly string[], cwd: string): string {
  try {
    return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
