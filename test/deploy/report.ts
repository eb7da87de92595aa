/** What is checked, told as it goes. */
export interface Report {
  heading(text: string): void;
  /** Runs a check; it fails if it throws. @returns whether it passed. */
  check(title: string, act: () => Promise<void>): Promise<boolean>;
  /** Tells, once and in the end, what could not be checked. */
  note(text: string): void;
  /**
   * Prints the notes and the last line.
   *
   * @param details what to print beside if something failed.
   * @returns whether everything passed.
   */
  close(details: () => string): boolean;
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
    close(details) {
      console.log('\nNot to be seen there, so left to local mode (npm run demo, npm test):');
      for (const text of notes) console.log(`  ${text}`);
      if (tally.failed > 0) console.log(`\n${details()}`);
      console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
      return tally.failed === 0 && tally.passed > 0;
    },
  };
}
