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
type Forget = (event: unknown, context: unknown) => Promise<unknown>;
const introspections = () => deployment.authorizationServer.requests.length;

describe('the function, told to forget an access token', () => {
  it('introspects it again, here and in other environments, and no other', async () => {
    const [one, other] = [await deployment.issue(), await deployment.issue()];
    const handle = deployment.start();
    for (const { accessToken } of [one, other]) await invoke(handle, bearer(accessToken));

    const event = { type: 'FORGET', accessToken: one.accessToken };
    expect(await (handle as Forget)(event, CONTEXT)).toEqual({ forgotten: true });

    const before = introspections();
    for (const { accessToken } of [one, other]) await invoke(handle, bearer(accessToken));
    expect(introspections() - before).toBe(1);
    await (handle as Forget)(event, CONTEXT);
    const elsewhere = deployment.start();
    await invoke(elsewhere, bearer(one.accessToken));
    expect(introspections() - before).toBe(2);
    for (const text of deployment.confidential) expect(output.text()).not.toContain(text);
  });

  it.each([{}, { accessToken: '' }, { accessToken: 7 }])(
    'refuses the event %j, and says why',
    async (event) => {
      const handle = deployment.start() as Forget;

      await expect(handle({ type: 'FORGET', ...event }, CONTEXT)).rejects.toMatchObject({
        code: 'event_invalid',
      });
      expect(output.lines()).toMatchObject([{ level: 'ERROR', code: 'event_invalid' }]);
    },
  );

  it('fails where the table fails: nobody may believe that the token is forgotten', async () => {
    const handle = deployment.start({ TOKEN_CACHE_TABLE: 'nowhere' }) as Forget;
    const event = { type: 'FORGET', accessToken: deployment.unknownToken() };

    await expect(handle(event, CONTEXT)).rejects.toMatchObject({
      code: 'token_cache_unavailable',
    });
    expect(output.lines()).toMatchObject([{ level: 'ERROR', code: 'token_cache_unavailable' }]);
  });
});
