import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package whose code is in a bundle. */
export interface BundledPackage {
  /** Directory relative to the project, as in the lock file: `node_modules/jose`. */
  readonly directory: string;
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  /** Texts of its license and notice files. */
  readonly texts: readonly string[];
}

/**
 * Licenses that do not require their text to be shipped.
 * @see https://spdx.org/licenses/MIT-0.html
 * @see https://spdx.org/licenses/0BSD.html
 */
const WITHOUT_CONDITIONS = ['MIT-0', '0BSD'];

/** Returns the packages that contribute code to a bundle, by name. */
export function bundledPackages({ outputs }: Metafile, root: string): BundledPackage[] {
  const inputs = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const directories = inputs.flatMap(([path, { bytesInOutput }]) => {
    const [, directory] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    return directory === undefined || bytesInOutput === 0 ? [] : [directory];
  });
  return [...new Set(directories)]
    .map((directory) => readPackage(directory, root))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

/** @throws Error if the license is unknown, or requires a text that the package does not have. */
function readPackage(directory: string, root: string): BundledPackage {
  const files = readdirSync(join(root, directory));
  const text = (file: string) => readFileSync(join(root, directory, file), 'utf8').trim();
  const { name, version, license } = JSON.parse(text('package.json'));
  if (typeof license !== 'string') {
    throw new Error(`license of ${name} must be an SPDX expression, got: ${license}`);
  }
  const licenses = files.filter((file) => /^(licen[cs]e|copying)/i.test(file));
  if (licenses.length === 0 && !WITHOUT_CONDITIONS.includes(license)) {
    throw new Error(`${name} must have a license file, since it is under ${license}`);
  }
  const notices = files.filter((file) => /^notice/i.test(file));
  return { directory, name, version, license, texts: [...licenses, ...notices].sort().map(text) };
}

/** Returns the file `THIRD_PARTY_LICENSES`: for each package a heading and its texts. */
export function licenseTexts(packages: readonly BundledPackage[]): string {
  const sections = packages.map(({ name, version, license, texts }) =>
    [`${name} ${version} (${license})`, ...texts].join('\n\n'),
  );
  const introduction = 'This bundle contains code of the following packages.';
  return `${[introduction, ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
