import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROJECT } from '../../terminal/project';

/** Scopes of the AWS SDK, which Lambda's Node.js runtimes contain. */
const SCOPES = ['@aws-sdk', '@smithy'];

/** Depth of the folders of an app that can have packages of their own, such as `services/orders/lambda`. */
const MAX_DEPTH = 3;

/** Packages that functions find although they are not in their code. */
export interface RuntimeModules {
  /** Value of `NODE_PATH`. ES modules do not use it. */
  readonly path: string;
  remove(): void;
}

/**
 * Links the AWS SDK's packages of an app, of the folders around it and in it, and those of this project that they
 * lack, to a directory of their own. Other packages are not found, as on AWS.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included
 */
export function linkRuntimeModules(appDirectory: string | undefined): RuntimeModules {
  const path = mkdtempSync(join(tmpdir(), 'runtime-modules-'));
  const directories = appDirectory
    ? [...ancestorsOf(appDirectory), ...foldersIn(appDirectory, MAX_DEPTH), ...ancestorsOf(PROJECT)]
    : ancestorsOf(PROJECT);
  for (const scope of SCOPES) {
    mkdirSync(join(path, scope));
    const sources = directories.map((it) => join(it, 'node_modules', scope)).filter(existsSync);
    for (const source of sources) {
      for (const name of readdirSync(source)) {
        const link = join(path, scope, name);
        if (!existsSync(link)) symlinkSync(join(source, name), link);
      }
    }
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Returns a directory and those that it is in, as Node.js searches them. */
function ancestorsOf(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...ancestorsOf(parent)];
}

/** Returns the folders in a directory, without packages, output of the CDK and hidden folders. */
function foldersIn(directory: string, depth: number): readonly string[] {
  if (depth === 0) return [];
  const folders = readdirSync(directory, { withFileTypes: true })
    .filter((it) => it.isDirectory() && !/^(?:node_modules|cdk\.out|\..*)$/.test(it.name))
    .map(({ name }) => join(directory, name));
  return folders.flatMap((it) => [it, ...foldersIn(it, depth - 1)]);
}
