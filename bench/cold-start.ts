import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  AUTHORIZER,
  bundleFunction,
  compile,
  EMPTY_HANDLER,
  ENTRY_POINT,
  writeEmptyHandler,
} from './build';
import type { ColdStart, Phase } from './cold-process.mjs';
import { assertAllowed, MINTING, newAccessToken } from './function';
import { limitProcessor, type ProcessorShare, shareOf } from './processor-share';
import type { Progress } from './progress';
import { interleave, median, rounds, spread } from './sample';
import { buildSdkAuthorizer } from './sdk/build';

const ROUNDS = rounds(25);
/** Memory of a function whose invocations are limited, in MB. */
export const LIMITED_MEMORY = 512;

const NAMES = [
  ...['empty', 'tokenCache', 'introspection', 'minting', 'bareRead', 'jwtAuthorizer'],
  ...['sdkTokenCache', 'limitedTokenCache', 'limitedBareRead'],
] as const;

/** Medians in milliseconds, and the spread of the time until the first decision, as a fraction of it. */
export interface ColdMedians {
  readonly init: Phase;
  readonly invocation: Phase;
  readonly spread: number;
}

export interface ColdStarts {
  readonly starts: Readonly<Record<(typeof NAMES)[number], ColdMedians>>;
  /** The limited invocations had a share of the processor; otherwise their time is computed. */
  readonly isLimited: boolean;
}

/**
 * Starts processes one after the other: an empty handler, ours, ours with the SDK's clients, a bare read and a
 * plain JWT authorizer.
 */
export async function measureColdStarts(
  node: string,
  environment: Readonly<Record<string, string>>,
  jwt: string,
  progress: Progress,
): Promise<ColdStarts> {
  writeEmptyHandler();
  const [sdkAuthorizer, bareReader, jwtAuthorizer] = [
    await buildSdkAuthorizer(),
    bundleFunction('bare-reader.ts'),
    bundleFunction('jwt-authorizer.ts'),
  ];
  const share = limitProcessor(shareOf(LIMITED_MEMORY));
  const start = (bundle: string, credential: string, more = {}, limit?: ProcessorShare) =>
    coldStart(node, bundle, credential, { ...environment, ...more }, limit);
  const cached = newAccessToken();
  await start(AUTHORIZER, cached);

  const all = new Map<string, ColdStart[]>();
  const run =
    (name: string, bundle: string, credential: () => string, more = {}, limit?: ProcessorShare) =>
    async () => {
      const cold = await start(bundle, credential(), more, limit);
      if (bundle !== EMPTY_HANDLER && bundle !== bareReader) assertAllowed(cold.result);
      all.set(name, [...(all.get(name) ?? []), cold]);
      progress(`cold starts: ${name}`, all.get('empty')?.length ?? 0, ROUNDS);
    };
  const known = () => cached;
  const contenders: Record<(typeof NAMES)[number], () => Promise<void>> = {
    empty: run('empty', EMPTY_HANDLER, () => ''),
    tokenCache: run('tokenCache', ENTRY_POINT, known),
    introspection: run('introspection', ENTRY_POINT, newAccessToken),
    minting: run('minting', ENTRY_POINT, newAccessToken, MINTING),
    bareRead: run('bareRead', bareReader, known),
    jwtAuthorizer: run('jwtAuthorizer', jwtAuthorizer, () => jwt),
    sdkTokenCache: run('sdkTokenCache', sdkAuthorizer, known),
    limitedTokenCache: run('limitedTokenCache', ENTRY_POINT, known, {}, share),
    limitedBareRead: run('limitedBareRead', bareReader, known, {}, share),
  };
  try {
    await interleave(ROUNDS, contenders, async (start) => {
      await start();
      return 0;
    });
  } finally {
    share?.remove();
  }
  const starts = Object.fromEntries(
    NAMES.map((name) => [name, medians(all.get(name) ?? [])]),
  ) as ColdStarts['starts'];
  return { starts, isLimited: share !== undefined };
}

function medians(all: readonly ColdStart[]): ColdMedians {
  const phase = (name: 'init' | 'invocation'): Phase => ({
    elapsed: median(all.map((it) => it[name].elapsed)),
    cpu: median(all.map((it) => it[name].cpu)),
  });
  const totals = all.map(({ init, invocation }) => init.elapsed + invocation.elapsed);
  return { init: phase('init'), invocation: phase('invocation'), spread: spread(totals) };
}

/** Starts a process that loads a function and invokes it once. */
export async function coldStart(
  node: string,
  bundle: string,
  credential: string,
  env: Readonly<Record<string, string>>,
  limit?: ProcessorShare,
): Promise<ColdStart> {
  const child = spawn(node, [script(), bundle, credential], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const reports = child.stdio[3] as Readable;
  await once(reports, 'readable');
  if (limit && child.pid !== undefined) limit.limit(child.pid);
  (child.stdio[4] as Writable).end('\n');
  const [report] = await Promise.all([text(reports), closed]);
  return JSON.parse(report) as ColdStart;
}

let compiled: string | undefined;

function script(): string {
  compiled ??= compile('cold-process.mts');
  return compiled;
}
