import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import * as lib from '../../lib';
import { CLI_CONTEXT } from '../../local/stack/cdk-app';
import { ROOT } from './imports';
import { context as ofProject, quietly } from './synthesize';

/**
 * Synthesizes an example app in this process, in which the CDK is loaded. Its app has a context as if the CDK CLI ran it.
 */
export function synthesizeExample(
  name: string,
  context: Readonly<Record<string, string>>,
): CloudAssembly {
  const options = {
    outdir: mkdtempSync(join(tmpdir(), 'example-')),
    context: { ...CLI_CONTEXT, ...ofProject, ...context, local: 'true' },
  };
  const apps: cdk.App[] = [];
  class ExampleApp extends cdk.App {
    constructor() {
      super(options);
      apps.push(this);
    }
  }
  const own = Object.getOwnPropertyDescriptor(cdk, 'App');
  Object.defineProperty(cdk, 'App', { ...own, value: ExampleApp });
  try {
    return quietly(() => {
      jest.isolateModules(() => {
        // The example alone is evaluated, so that it can run again with another context.
        jest.doMock(join(ROOT, 'lib', 'index.ts'), () => lib);
        require(join(ROOT, 'examples', `${name}.ts`));
      });
      const [app] = apps;
      if (app === undefined) throw new Error(`the example ${name} has no app`);
      return app.synth();
    });
  } finally {
    Object.defineProperty(cdk, 'App', { ...own });
  }
}
