import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROJECT } from '../../terminal/project';

/** Scopes of the AWS SDK, which Lambda's Node.js runtimes contain. */
const SCOPES = ['@aws-sdk', '@smithy'];

/** Packages that functions find although they are not in their code. */
export interface RuntimeModules {
  /** Value of `NODE_PATH`. ES modules do not use it. */
  readonly path: string;
  remove(): void;
}

/**
 * Links the AWS SDK's packages of an app, and those of this project that it lacks, to a directory of their
 * own. Other packages are not found, as on AWS.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export function linkRuntimeModules(appDirectory: string | undefined): RuntimeModules {
  const path = mkdtempSync(join(tmpdir(), 'runtime-modules-'));
  const sources = [
    ...(appDirectory ? [join(appDirectory, 'node_modules')] : []),
    ...packagesOf(PROJECT),
  ];
  for (const scope of SCOPES) {
    mkdirSync(join(path, scope));
    for (const source of sources.map((packages) => join(packages, scope)).filter(existsSync)) {
      for (const name of readdirSync(source)) {
        const link = join(path, scope, name);
        if (!existsSync(link)) symlinkSync(join(source, name), link);
      }
    }
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Returns the directories in which Node.js looks for the packages of a directory, from inside to outside. */
function packagesOf(directory: string): readonly string[] {
  const parent = dirname(directory);
  return [join(directory, 'node_modules'), ...(parent === directory ? [] : packagesOf(parent))];
}
