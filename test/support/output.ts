/** Captures all output instead of printing it. */
export function captureOutput() {
  const printed: string[] = [];
  const write = (chunk: unknown) => {
    printed.push(typeof chunk === 'string' ? chunk : String(chunk));
    return true;
  };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(write),
    jest.spyOn(process.stderr, 'write').mockImplementation(write),
    ...(['debug', 'log', 'info', 'warn', 'error', 'trace'] as const).map((method) =>
      jest.spyOn(console, method).mockImplementation((...all) => void write(all.join(' '))),
    ),
  ];
  return {
    text: () => printed.join(''),
    /** Returns the JSON lines of the output. */
    lines: () =>
      printed
        .join('')
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    clear: () => printed.splice(0),
    stop: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
