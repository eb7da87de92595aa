import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import * as lib from '../../lib';
import { ROOT } from './root';

/** App that was evaluated, and its cloud assembly. */
export interface EvaluatedApp {
  readonly assembly: CloudAssembly;
  readonly exitCode: number;
  readonly stderr: string;
}

/**
 * Evaluates a CDK app in this process, in which the CDK is loaded, and synthesizes it.
 *
 * @param file path of the app in the project
 * @param context context as the CDK CLI gives it to the app
 * @param outdir directory of cloud assemblies, in which the CDK bundles an asset once. Default: a new one
 */
export function evaluateApp(
  file: string,
  context: Readonly<Record<string, unknown>>,
  outdir = mkdtempSync(join(tmpdir(), 'app-')),
): EvaluatedApp {
  const options = { outdir, context, treeMetadata: false };
  const apps: cdk.App[] = [];
  class EvaluatedCdkApp extends cdk.App {
    constructor(props?: cdk.AppProps) {
      super({ ...props, ...options });
      apps.push(this);
    }
  }
  const own = Object.getOwnPropertyDescriptor(cdk, 'App');
  Object.defineProperty(cdk, 'App', { ...own, value: EvaluatedCdkApp });
  const { exitCode } = process;
  process.exitCode = 0;
  const printing = jest.spyOn(console, 'error').mockImplementation();
  try {
    jest.isolateModules(() => {
      // The app alone is evaluated, so that it can run again with another context.
      jest.doMock(join(ROOT, 'lib', 'index.ts'), () => lib);
      require(join(ROOT, file));
    });
    const printed = printing.mock.calls.map(([line]) => `${line}\n`).join('');
    const [app] = apps;
    if (app === undefined) throw new Error(`${file} has no app: ${printed}`);
    return { assembly: app.synth(), exitCode: Number(process.exitCode), stderr: printed };
  } finally {
    printing.mockRestore();
    process.exitCode = exitCode;
    Object.defineProperty(cdk, 'App', { ...own });
  }
}
