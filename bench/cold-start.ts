import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { AUTHORIZER, compile, EMPTY_HANDLER, writeEmptyHandler } from './build';
import type { ColdStart } from './cold-process';
import { assertAllowed, MINTING, newAccessToken } from './function';
import { interleave, median } from './sample';
import { buildSdkAuthorizer } from './sdk/build';

const ROUNDS = 31;

/** Medians in milliseconds, by what was started. */
export type ColdStarts = Record<
  'empty' | 'tokenCache' | 'introspection' | 'minting' | 'sdkTokenCache' | 'sdkIntrospection',
  { readonly elapsed: number; readonly cpu: number }
>;

/** Starts processes one after the other: an empty handler, ours, and ours with the SDK's clients. */
export async function measureColdStarts(
  node: string,
  environment: Readonly<Record<string, string>>,
): Promise<ColdStarts> {
  writeEmptyHandler();
  const script = compile('cold-process.ts');
  const sdkAuthorizer = await buildSdkAuthorizer();
  const start = (bundle: string, accessToken: string, more = {}) =>
    startCold(node, [script, bundle, accessToken], { ...environment, ...more });
  const cached = newAccessToken();
  await start(AUTHORIZER, cached);

  const starts = new Map<string, ColdStart[]>();
  const kept =
    (name: string, bundle: string, accessToken: () => string, more = {}) =>
    async () => {
      const cold = await start(bundle, accessToken(), more);
      if (bundle !== EMPTY_HANDLER) assertAllowed(cold.result);
      starts.set(name, [...(starts.get(name) ?? []), cold]);
    };
  const contenders = {
    empty: kept('empty', EMPTY_HANDLER, () => ''),
    tokenCache: kept('tokenCache', AUTHORIZER, () => cached),
    introspection: kept('introspection', AUTHORIZER, newAccessToken),
    minting: kept('minting', AUTHORIZER, newAccessToken, MINTING),
    sdkTokenCache: kept('sdkTokenCache', sdkAuthorizer, () => cached),
    sdkIntrospection: kept('sdkIntrospection', sdkAuthorizer, newAccessToken),
  };
  await interleave(ROUNDS, contenders, async (run) => {
    await run();
    return 0;
  });
  const medians = [...starts].map(([name, all]) => [
    name,
    { elapsed: median(all.map((it) => it.elapsed)), cpu: median(all.map((it) => it.cpu)) },
  ]);
  return Object.fromEntries(medians);
}

async function startCold(
  node: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ColdStart> {
  const child = spawn(node, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const [report] = await Promise.all([
    json(child.stdio[3] as Readable),
    new Promise((resolve) => child.on('close', resolve)),
  ]);
  return report as ColdStart;
}
