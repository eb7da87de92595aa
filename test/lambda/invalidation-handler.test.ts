import { bearer, type Deployment, invoke, startDeployment } from '../support/deployment';
import { captureOutput } from '../support/output';

let deployment: Deployment;
let output: ReturnType<typeof captureOutput>;

beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.close());
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());

const CONTEXT = { awsRequestId: 'function-request', functionName: 'authorizer' };
type Invalidate = (event: unknown, context: unknown) => Promise<unknown>;
const introspections = () => deployment.authorizationServer.requests.length;

describe('an invocation that invalidates an access token', () => {
  it('an invocation that invalidates an access token has it introspected again, here and in other environments, and no other token', async () => {
    const [one, other] = [await deployment.issue(), await deployment.issue()];
    const handle = deployment.start();
    for (const { accessToken } of [one, other]) await invoke(handle, bearer(accessToken));

    const event = { type: 'INVALIDATE_TOKEN', accessToken: one.accessToken };
    expect(await (handle as Invalidate)(event, CONTEXT)).toEqual({ invalidated: true });

    const before = introspections();
    for (const { accessToken } of [one, other]) await invoke(handle, bearer(accessToken));
    expect(introspections() - before).toBe(1);
    await (handle as Invalidate)(event, CONTEXT);
    const elsewhere = deployment.start();
    await invoke(elsewhere, bearer(one.accessToken));
    expect(introspections() - before).toBe(2);
    expect(deployment.confidentialIn(output.text())).toEqual([]);
  });

  it.each([{}, { accessToken: '' }, { accessToken: 7 }])(
    'rejects the invalidation event %j, and logs why',
    async (event) => {
      const handle = deployment.start() as Invalidate;

      await expect(handle({ type: 'INVALIDATE_TOKEN', ...event }, CONTEXT)).rejects.toMatchObject({
        code: 'event_invalid',
      });
      expect(output.lines()).toMatchObject([{ level: 'ERROR', code: 'event_invalid' }]);
    },
  );

  it('an invalidation fails if the table fails', async () => {
    const handle = deployment.start({ TOKEN_CACHE_TABLE: 'nowhere' }) as Invalidate;
    const event = { type: 'INVALIDATE_TOKEN', accessToken: deployment.unknownToken() };

    await expect(handle(event, CONTEXT)).rejects.toMatchObject({
      code: 'token_cache_unavailable',
    });
    expect(output.lines()).toMatchObject([{ level: 'ERROR', code: 'token_cache_unavailable' }]);
  });
});
