import { LIMITED_MEMORY } from './cold-start';
import { digits, type Goal, goals, type Measured, total } from './goals';
import { shareOf } from './processor-share';

/** Memory sizes of the tables, in MB. */
const MEMORY_SIZES = [128, 256, 512, 1024, 1769];

/** Price of a gigabyte-second, Arm, US East (N. Virginia), in dollars. @see https://aws.amazon.com/lambda/pricing/ */
const PRICE = 0.0000133334;

/** INIT of an empty Node.js 24 function in Lambda, in milliseconds: published measurements of 2026. */
const EMPTY_INIT_MS = 120;

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** Returns a run as Markdown: the goals, why some are not met, and the tables that follow from the figures. */
export function report(measured: Measured): string {
  const all = goals(measured);
  return [
    `${measured.date}, ${measured.machine}:`,
    '',
    row(['path', 'goal', 'measured', '']),
    '|---|---|---|---|',
    ...all.map(goalRow),
    '',
    ...shortOnes(all),
    coldTable(measured),
    '',
    roundTrips(measured),
    '',
    'Time by memory, from the processor time above; INIT does not depend on it:',
    '',
    memoryTable(measured),
  ].join('\n');
}

const isMet = ({ figure, limit }: Goal) => figure <= limit;

function goalRow(goal: Goal): string {
  const { path, unit, limit, figure, detail } = goal;
  const measured = `${digits(figure)} ${unit.startsWith('×') ? '×' : unit}`.trim();
  return row([
    path,
    `≤ ${limit} ${unit}`.trim(),
    detail === undefined ? measured : `${measured} (${detail})`,
    isMet(goal) ? 'pass' : 'short',
  ]);
}

function shortOnes(all: readonly Goal[]): string[] {
  const short = all.filter((goal) => !isMet(goal));
  if (short.length === 0) return [];
  const lines = short.map(({ path, unit, reason = 'not explained' }) => {
    const what = unit.startsWith('×') ? ` (${unit})` : '';
    return `- **${path}**${what}: ${reason}.`;
  });
  return ['Short, and why:', '', ...lines, ''];
}

function coldTable({ cold }: Measured): string {
  const rows = Object.entries(cold.starts).map(([name, start]) =>
    row([
      name,
      ...[start.init, start.invocation].flatMap(({ elapsed, cpu }) => [
        digits(elapsed),
        digits(cpu),
      ]),
      digits(total(start)),
    ]),
  );
  const share = digits(shareOf(LIMITED_MEMORY));
  const limited = cold.isLimited
    ? `Invocations of "limited…" had ${share} of a processor.`
    : `This machine permits no limit of the processor: "limited…" is not limited.`;
  return [
    `Cold starts in ms, from the start of the process. ${limited}`,
    '',
    row(['', 'INIT', 'its CPU', 'invocation', 'its CPU', 'total']),
    '|---|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

function roundTrips({ roundTrips }: Measured): string {
  const lines = Object.entries(roundTrips).map(([name, services]) => {
    const counts = Object.entries(services).map(
      ([service, { requests, connections }]) => `${service} ${requests} on ${connections}`,
    );
    return `${name}: ${counts.join(', ')}`;
  });
  return `Requests, and connections they were sent on, of one cold start: ${lines.join('; ')}.`;
}

function memoryTable({ cold, inProcess }: Measured): string {
  const { memoryHit, tokenCacheHit, miss } = inProcess;
  const { starts } = cold;
  const initMs = EMPTY_INIT_MS + starts.tokenCache.init.elapsed - starts.empty.init.elapsed;
  const rows = MEMORY_SIZES.map((memory) => {
    const share = shareOf(memory);
    const milliseconds = (microseconds: number) => `${digits(microseconds / 1000 / share)} ms`;
    const { elapsed, cpu } = starts.tokenCache.invocation;
    const cost = (initMs / 1000) * (memory / 1024) * PRICE * 1e6;
    return row([
      `${memory} MB`,
      milliseconds(memoryHit.ours),
      milliseconds(tokenCacheHit.cpu.ours),
      milliseconds(miss.cpu.ours),
      `${digits(initMs)} ms`,
      `${digits(elapsed + cpu * (1 / share - 1))} ms`,
      `$${cost.toFixed(2)}`,
    ]);
  });
  return [
    row(['memory', 'memory hit', 'token cache', 'miss', 'INIT', 'first decision', 'million INITs']),
    '|---|--:|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}
