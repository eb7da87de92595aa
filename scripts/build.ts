import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type OutputFile } from 'esbuild';
import {
  APP,
  type BundleDirectory,
  COMMAND_LINE,
  CONSTRUCTS,
  FUNCTIONS,
  LOCAL,
  ROOT,
  UPSTREAM,
} from './bundles';
import { toCommonJs } from './parts';
import { billOfMaterials } from './sbom';
import { bundledPackages, licenseTexts } from './third-party';

interface File {
  readonly path: string;
  readonly text: string;
}

async function main(): Promise<void> {
  const libraries = [UPSTREAM, CONSTRUCTS, APP, COMMAND_LINE].map(async (options) => {
    write((await compile(options)).files);
  });
  const directories = [...FUNCTIONS, LOCAL].map(async (it) => {
    const files = await filesOf(it);
    write(files);
    removeOthers(it.directory, new Set(files.map(({ path }) => path)));
  });
  await Promise.all([...libraries, ...directories]);
}

/** Returns the files of a directory, with the licenses and the bill of materials of the packages in them. */
async function filesOf({ directory, bundles }: BundleDirectory): Promise<File[]> {
  const compiled = await Promise.all(bundles.map(compile));
  const outputs = Object.assign({}, ...compiled.map(({ metafile }) => metafile.outputs));
  const packages = bundledPackages({ inputs: {}, outputs }, ROOT);
  const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return [
    ...compiled.flatMap(({ files }) => files),
    { path: join(directory, 'THIRD_PARTY_LICENSES'), text: licenseTexts(packages) },
    { path: join(directory, 'sbom.cdx.json'), text: billOfMaterials(own, packages) },
  ];
}

async function compile(options: BuildOptions): Promise<{ files: File[]; metafile: Metafile }> {
  const { outputFiles, metafile } = await build({
    ...options,
    absWorkingDir: ROOT,
    logLevel: 'warning',
    metafile: true,
    write: false,
  });
  const files = options.splitting ? splitFiles(outputFiles) : outputFiles;
  return { files: files.map(({ path, text }) => ({ path, text })), metafile };
}

/** Returns the files of a bundle that was split, as CommonJS. */
function splitFiles(outputs: readonly OutputFile[]): File[] {
  return outputs.flatMap((file) => {
    const map = outputs.find(({ path }) => path === `${file.path}.map`);
    if (map === undefined) return [];
    const converted = toCommonJs(file, map);
    const link = `//# sourceMappingURL=${basename(map.path)}\n`;
    return [
      { path: file.path, text: `${converted.code}${link}` },
      { path: map.path, text: converted.map },
    ];
  });
}

function write(files: readonly File[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    // An unchanged file is not written, since another process could be reading it, but marked as current.
    const isUnchanged = existsSync(path) && readFileSync(path, 'utf8') === text;
    if (isUnchanged) utimesSync(path, new Date(), new Date());
    else writeFileSync(path, text);
  }
}

/** Removes other files from a directory, which is deployed or packed as a whole. */
function removeOthers(directory: string, written: ReadonlySet<string>): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (!written.has(path)) rmSync(path, { recursive: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
