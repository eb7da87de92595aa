/** What is checked, told as it goes. */
export interface Report {
  heading(text: string): void;
  /** Runs a check; it fails if it throws. @returns whether it passed. */
  check(title: string, act: () => Promise<void>): Promise<boolean>;
  /** Tells, once, what could not be checked or had to be worked round. */
  note(text: string): void;
  /** The notes again, and the last line. @returns whether everything passed. */
  close(): boolean;
}

/** @param signal ends the run at the next check. */
export function createReport(signal: AbortSignal): Report {
  const notes = new Set<string>();
  const tally = { passed: 0, failed: 0 };
  return {
    heading: (text) => console.log(`\n${text}`),
    async check(title, act) {
      signal.throwIfAborted();
      const started = performance.now();
      const fault = await act().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      // What was interrupted did not fail.
      signal.throwIfAborted();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const verdict = fault === undefined ? 'passed' : 'FAILED';
      tally[fault === undefined ? 'passed' : 'failed'] += 1;
      console.log(`  ${verdict}  ${title} (${seconds} s)`);
      if (fault !== undefined) console.log(fault.replace(/^/gm, '          '));
      return fault === undefined;
    },
    note: (text) => void notes.add(text),
    close() {
      if (notes.size > 0)
        console.log('\nLeft to local mode (npm run demo, npm test), or worked round:');
      for (const text of notes) console.log(`  ${text}`);
      console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
      return tally.failed === 0 && tally.passed > 0;
    },
  };
}
