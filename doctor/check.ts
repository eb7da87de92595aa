/** Names of the checks, in the order in which they are reported. */
export type CheckName =
  | 'config'
  | 'credentials'
  | 'network'
  | 'clock'
  | 'discovery'
  | 'introspection'
  | 'keys'
  | 'upstream'
  | 'token';

/** Statuses by weight, the worst last. */
export const STATUSES = ['ok', 'info', 'warn', 'fault'] as const;

export type Status = (typeof STATUSES)[number];

/** Fact that a check found. It contains no token, secret or identity. */
export interface Finding {
  readonly status: Status;
  readonly message: string;
  /** Sentence that names the fix in config keys. */
  readonly advice?: string | undefined;
}

/** Check with the findings of one subject. */
export interface Check extends Finding {
  readonly name: CheckName;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });

export const info = (message: string, advice?: string): Finding => finding('info', message, advice);

export const warn = (message: string, advice?: string): Finding => finding('warn', message, advice);

export const fault = (message: string, advice?: string): Finding =>
  finding('fault', message, advice);

function finding(status: Status, message: string, advice: string | undefined): Finding {
  return { status, message, ...(advice !== undefined && { advice }) };
}

/** Combines findings to a check with the worst status. The worst findings come first. */
export function combine(name: CheckName, findings: readonly Finding[]): Check {
  const weight = ({ status }: Finding) => STATUSES.indexOf(status);
  const sorted = [...findings].sort((one, other) => weight(other) - weight(one));
  const advice = [...new Set(sorted.flatMap((it) => it.advice ?? []))].join(' ');
  return {
    name,
    status: sorted[0]?.status ?? 'ok',
    message: [...new Set(sorted.map(({ message }) => message))].join('\n'),
    ...(advice !== '' && { advice }),
  };
}

/** Returns whether a check found a fault. */
export function isFaulty({ status }: Finding): boolean {
  return status === 'fault';
}
