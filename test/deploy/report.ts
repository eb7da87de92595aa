/** Report of checks, printed during the run. */
export interface Report {
  heading(text: string): void;
  /**
   * Runs a check, which fails if it throws.
   *
   * @returns whether it passed.
   */
  check(title: string, act: () => Promise<void>): Promise<boolean>;
  /** Records what could not be checked, to be printed once at the end. */
  note(text: string): void;
  /**
   * Prints the notes and the last line.
   *
   * @param details returns text to print if a check failed.
   * @returns whether everything passed.
   */
  close(details: () => string): boolean;
}

/** @param signal aborts the run at the next check. */
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
      // An interrupted check is not a failure.
      signal.throwIfAborted();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      const verdict = fault === undefined ? 'passed' : 'FAILED';
      tally[fault === undefined ? 'passed' : 'failed'] += 1;
      console.log(`  ${verdict}  ${title} (${seconds} s)`);
      if (fault !== undefined) console.log(fault.replace(/^/gm, '          '));
      return fault === undefined;
    },
    note: (text) => void notes.add(text),
    close(details) {
      console.log('\nNot checked with the emulator, only in local mode (npm run demo, npm test):');
      for (const text of notes) console.log(`  ${text}`);
      if (tally.failed > 0) console.log(`\n${details()}`);
      console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
      return tally.failed === 0 && tally.passed > 0;
    },
  };
}
