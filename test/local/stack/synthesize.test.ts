import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SynthesisError } from '../../../local/stack/synthesis-error';
import { synthesizeStack } from '../../../local/stack/synthesize';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'synthesize-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Returns the command of an app whose stacks have the given annotations. */
function appWith(stacks: Readonly<Record<string, readonly { type: string; data: string }[]>>) {
  const file = join(directory, 'app.cjs');
  const artifacts = Object.fromEntries(
    Object.entries(stacks).map(([name, entries]) => [
      name,
      {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: `${name}.json` },
        metadata: { [`/${name}/Api`]: entries },
      },
    ]),
  );
  writeFileSync(
    file,
    `const { writeFileSync } = require('node:fs');
     const { artifacts } = ${JSON.stringify({ artifacts })};
     const write = (name, content) => writeFileSync(process.env.CDK_OUTDIR + '/' + name, JSON.stringify(content));
     for (const name of Object.keys(artifacts)) write(name + '.json', { Description: name });
     write('manifest.json', { version: '36.0.0', artifacts });`,
  );
  return { app: `node ${file}`, context: {} };
}

test('the only stack of an app is returned with its template and warnings', async () => {
  const app = appWith({ Orders: [{ type: 'aws:cdk:warning', data: 'no audience' }] });
  const stack = await synthesizeStack(app);
  await stack.remove();

  expect(stack).toMatchObject({
    stackName: 'Orders',
    template: { Description: 'Orders' },
    warnings: ['/Orders/Api: no audience'],
  });
});

test('an error annotation of a construct fails, as in a deployment', async () => {
  const app = appWith({ Orders: [{ type: 'aws:cdk:error', data: 'no route' }] });

  await expect(synthesizeStack(app)).rejects.toEqual(new SynthesisError('/Orders/Api: no route'));
});

test('a stack of an app with several is selected by its name', async () => {
  const app = appWith({ Cards: [], Orders: [] });
  const stack = await synthesizeStack({ ...app, stack: 'Orders' });
  await stack.remove();

  expect(stack).toMatchObject({ stackName: 'Orders', dependencies: [] });
});
