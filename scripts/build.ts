import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { APP, CONSTRUCTS, FUNCTIONS, ROOT, RUNTIME, UPSTREAM } from './bundles';
import { billOfMaterials } from './sbom';
import { bundledPackages, licenseTexts } from './third-party';

const written = new Set([...FUNCTIONS, UPSTREAM, CONSTRUCTS, APP, RUNTIME].flatMap(build));
for (const { outfile } of FUNCTIONS) removeOthers(dirname(outfile));

/** Writes a bundle, and the licenses and the bill of materials of the packages in it. Returns the paths. */
function build(options: BuildOptions): string[] {
  const { outputFiles = [], metafile } = buildSync({
    ...options,
    absWorkingDir: ROOT,
    logLevel: 'warning',
    metafile: true,
    write: false,
  });
  const files = outputFiles.map(({ path, text }) => ({ path, text }));
  const packages = metafile ? bundledPackages(metafile, ROOT) : [];
  if (packages.length > 0) {
    const directory = dirname(options.outfile ?? '');
    const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    files.push(
      { path: join(directory, 'THIRD_PARTY_LICENSES'), text: licenseTexts(packages) },
      { path: join(directory, 'sbom.cdx.json'), text: billOfMaterials(own, packages) },
    );
  }
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    // An unchanged file is not written, since another process could be reading it.
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
  return files.map(({ path }) => path);
}

/** Removes other files from an asset directory, which is deployed as a whole. */
function removeOthers(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (!written.has(path)) rmSync(path, { recursive: true });
  }
}
