/** Report of checks, printed during the run. */
export interface Report {
  /** Runs a check, which fails if it throws. */
  check(title: string, act: () => Promise<void>): Promise<void>;
  /** Prints the last line and returns true if everything passed. */
  close(): boolean;
}

export function createReport(): Report {
  const tally = { passed: 0, failed: 0 };
  return {
    async check(title, act) {
      const startedMs = performance.now();
      const fault = await act().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      tally[fault === undefined ? 'passed' : 'failed'] += 1;
      console.log(`  ${fault === undefined ? 'passed' : 'FAILED'}  ${title} (${seconds} s)`);
      if (fault !== undefined) console.log(fault.replace(/^/gm, '          '));
    },
    close() {
      console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
      return tally.failed === 0 && tally.passed > 0;
    },
  };
}
