import { rmSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { deploymentConfigSchema } from '../../lib/stack/config/schema';
import { PhantomTokenStack } from '../../lib/stack/phantom-token-stack';
import { deployStack, type LocalStack } from '../../local/stack/local-stack';
import { introspectFrom } from '../support/introspect-from';
import {
  type DeclaredResource,
  StackUpdate,
  type UpdatableTemplate,
} from '../support/stack-update';
import { type StubServer, startStubServer } from '../support/stub-server';
import { configFile, WITHOUT_REPORTS } from '../support/synthesize';
import { AUDIENCE, createTokenSigner, ISSUER } from '../support/tokens';

/** Local mode with the bundle and a warm result cache while CloudFormation updates the stack. */

let authorizationServer: StubServer;
let upstream: StubServer;
let stack: LocalStack | undefined;

beforeAll(async () => {
  const sign = await createTokenSigner();
  const exp = Math.floor(Date.now() / 1000) + 600;
  const tokens = ['payments', 'reports'].map(
    async (scope) => [scope, await sign({ scope, exp })] as const,
  );
  const introspect = introspectFrom(new Map(await Promise.all(tokens)));
  authorizationServer = await startStubServer('/introspect', introspect);
  upstream = await startStubServer('/', (response) => {
    response.end();
  });
});

afterEach(() => stack?.close());
afterAll(() => Promise.all([authorizationServer.close(), upstream.close()]));

function synthesizeWith(type: string, reports: string) {
  const config = deploymentConfigSchema({ local: true }).parse(
    configFile({
      introspection: { endpoint: authorizationServer.url.href },
      token: { issuer: ISSUER, audience: AUDIENCE },
      api: {
        type,
        upstream: upstream.url.origin,
        routes: [
          { method: 'GET', path: '/payments', scopes: ['payments'] },
          { method: 'GET', path: '/reports', scopes: [reports] },
        ],
      },
    }),
  );
  // Local mode finds the bundle by this metadata.
  const app = new App({
    context: { ...WITHOUT_REPORTS, 'aws:cdk:enable-asset-metadata': true },
    treeMetadata: false,
  });
  new PhantomTokenStack(app, config.stackName, { config });
  const { directory, stacks } = app.synth();
  const [artifact] = stacks;
  if (artifact === undefined) throw new Error('there is no stack');
  const template = artifact.template as UpdatableTemplate;
  return { directory, stackName: artifact.stackName, template };
}

/** Returns the status for each token at each route. */
async function statuses(url: URL): Promise<readonly number[]> {
  const all: number[] = [];
  for (const token of ['payments', 'reports']) {
    for (const path of ['/payments', '/reports']) {
      const headers = { authorization: `Bearer ${token}` };
      all.push((await fetch(new URL(path, url), { headers })).status);
    }
  }
  return all;
}

const FORMER = [200, 200, 403, 403];
const NEW = [200, 403, 403, 200];

it.each<[string, (resource: DeclaredResource) => boolean]>([
  ['REST', ({ Type }) => Type === 'AWS::ApiGateway::Stage'],
  ['HTTP', ({ Properties }) => Properties?.['RouteKey'] === 'GET /reports'],
])(
  'a %s API in local mode applies the version that is deployed to it during an update',
  async (type, switches) => {
    const former = synthesizeWith(type, 'payments');
    const latter = synthesizeWith(type, 'reports');
    // Both stacks have the same bundle.
    rmSync(latter.directory, { recursive: true });
    const secretValue = JSON.stringify({ client_id: 'gateway', client_secret: 'secret' });
    stack = await deployStack(
      {
        ...former,
        warnings: [],
        remove: async () => rmSync(former.directory, { recursive: true }),
      },
      { secretValue, log: () => undefined },
    );
    expect(await statuses(stack.url)).toEqual(FORMER);

    const update = new StackUpdate(former.template);
    let isDeployed = false;
    const check = async (step: string, [before, after]: readonly (readonly number[])[]) => {
      stack?.update(update.template);
      const changed = update.template.Resources[step];
      isDeployed ||= changed !== undefined && switches(changed);
      if (stack) expect(await statuses(stack.url)).toEqual(isDeployed ? after : before);
    };
    const first = (ids: readonly string[]) => ids[0] as string;
    for (const step of update.to(latter.template, first)) await check(step, [FORMER, NEW]);
    isDeployed = false;
    for (const step of update.to(former.template, first)) await check(step, [NEW, FORMER]);
    expect(isDeployed).toBe(true);
  },
  120_000,
);
