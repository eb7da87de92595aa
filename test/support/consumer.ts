import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './imports';

/** What `npm publish` would publish. */
export interface Tarball {
  readonly file: string;
  /** The paths in it, sorted. */
  readonly paths: readonly string[];
}

/** Packs the project, which compiles it first. */
export function pack(directory: string): Tarball {
  const printed = execute('npm', ['pack', '--silent', '--pack-destination', directory], ROOT);
  const file = join(directory, printed.trim().split('\n').at(-1) ?? '');
  const listed = execute('tar', ['-tzf', file], directory).trim().split('\n');
  return { file, paths: listed.map((path) => path.replace(/^package\//, '')).sort() };
}

/** Somebody else's project, into which the package was installed. */
export interface Consumer {
  readonly directory: string;
  /** Where the package lies in it. */
  readonly installed: string;
  /** Compiles its sources with the real compiler; what that printed is the error's message. */
  compile(compilerOptions: object): void;
  /** Runs a compiled file with plain Node.js and returns what it printed. */
  run(file: string): string;
}

/** What npm would install beside the package: its peers, its dependency, and Node's types. */
const NEIGHBOURS = ['aws-cdk-lib', 'constructs', 'zod', '@types/node'];

/**
 * Makes a project and installs the tarball into it as npm does, but for the network: what it needs
 * beside is linked to what this project has installed.
 *
 * @param sources files of `test/package/consumer` by the names they get.
 */
export function installPackage(
  directory: string,
  { file }: Tarball,
  sources: Readonly<Record<string, string>>,
): Consumer {
  const modules = join(directory, 'node_modules');
  const installed = join(modules, 'phantom-token-authorizer');
  mkdirSync(installed, { recursive: true });
  execute('tar', ['-xzf', file, '--strip-components=1', '-C', installed], directory);
  for (const name of NEIGHBOURS) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name), 'dir');
  }
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
