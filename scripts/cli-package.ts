import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { APP, COMMAND_LINE, CONFIG_READER, ROOT } from './bundles';

/** Directory of the package. Its files are at the same places as in the project. */
const DIRECTORY = join(ROOT, 'dist', 'phantom-token');

/** Files that `npm run build` wrote, and files of the project. */
const COPIED = [
  'LICENSE',
  'cdk.json',
  'config.example.json',
  'config.schema.json',
  'dist/app.js',
  'dist/authorizer',
  'dist/cli/main.js',
  'dist/key-set',
  'dist/local',
  'dist/rotation',
  'local/inspector/page',
];

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly [property: string]: unknown;
}

/** `npm run pack:cli [-- DIRECTORY]`: packs the command line as a package of its own, and prints the tarball. */
function pack(destination = ROOT): void {
  rmSync(DIRECTORY, { recursive: true, force: true });
  for (const path of COPIED) {
    mkdirSync(dirname(join(DIRECTORY, path)), { recursive: true });
    cpSync(join(ROOT, path), join(DIRECTORY, path), { recursive: true });
  }
  cpSync(join(ROOT, 'docs', 'command-line-readme.md'), join(DIRECTORY, 'README.md'));
  const packages = [COMMAND_LINE, APP, CONFIG_READER].flatMap((bundle) => importedPackages(bundle));
  chmodSync(join(DIRECTORY, 'dist', 'cli', 'main.js'), 0o755);
  writeFileSync(
    join(DIRECTORY, 'package.json'),
    `${JSON.stringify(manifest(packages), null, 2)}\n`,
  );
  const printed = execFileSync('npm', ['pack', '--silent', '--pack-destination', destination], {
    cwd: DIRECTORY,
    encoding: 'utf8',
  });
  console.log(join(destination, printed.trim()));
}

/** Returns the packages that a bundle imports when it runs. */
function importedPackages(bundle: BuildOptions): readonly string[] {
  const { metafile } = buildSync({ ...bundle, metafile: true, write: false });
  return Object.values((metafile as Metafile).outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ path, external }) => external && !isBuiltin(path))
    .map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
}

/** Returns the manifest: the versions of the dependencies are those that the project is tested with. */
function manifest(packages: readonly string[]): object {
  const own: Manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const tested = { ...own.devDependencies, ...own.dependencies };
  const dependencies = [...new Set(packages)].sort().map((name) => {
    const version = tested[name];
    if (version === undefined) throw new Error(`${name} is not a dependency of the project`);
    return [name, version];
  });
  const { version, license, engines, repository } = own;
  return {
    ...{ name: 'phantom-token', version },
    description: 'Local mode, doctor and init of phantom-token-authorizer, on the command line.',
    ...{ license, repository, engines, type: 'commonjs' },
    bin: { 'phantom-token': 'dist/cli/main.js' },
    files: ['dist', 'local', 'cdk.json', 'config.example.json', 'config.schema.json'],
    dependencies: Object.fromEntries(dependencies),
  };
}

pack(process.argv[2]);
