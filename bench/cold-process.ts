import { writeSync } from 'node:fs';
import { invocation, startFunction } from './function';

/** A cold start: loads the function, has it decide one request, and reports the time taken. */
export interface ColdStart {
  /** Time since the process started, in milliseconds. */
  readonly elapsed: number;
  /** Processor time of the process, in milliseconds. */
  readonly cpu: number;
  /** Result of the function. */
  readonly result: unknown;
}

const [, , bundle = '', accessToken = ''] = process.argv;

void startFunction(bundle)(...invocation(accessToken)).then((result) => {
  const elapsed = performance.now();
  const { user, system } = process.cpuUsage();
  const report: ColdStart = { elapsed, cpu: (user + system) / 1000, result };
  writeSync(3, JSON.stringify(report));
  process.exit();
});
