/** Output of `npm audit --json`, as far as it is read. Without `vulnerabilities` npm could not audit. */
export interface AuditReport {
  readonly vulnerabilities?: Vulnerabilities;
  /** Reason why npm could not audit. */
  readonly message?: string;
}

/** Vulnerable packages by name. */
export type Vulnerabilities = Readonly<Record<string, Vulnerability>>;

interface Vulnerability {
  readonly severity: string;
  /** Advisories, or the names of dependencies that make the package vulnerable. */
  readonly via: readonly (string | { readonly title: string; readonly url: string })[];
  /** Directories of the package, as in the lock file. */
  readonly nodes: readonly string[];
}

/** Returns a line for each vulnerable package, by whether a copy of it is shipped. */
export function advisories(vulnerabilities: Vulnerabilities, shipped: ReadonlySet<string>) {
  const all = Object.entries(vulnerabilities).map(([name, { severity, via, nodes }]) => ({
    isShipped: nodes.some((node) => shipped.has(node)),
    line: `${name} (${severity}): ${via.map(reason).join('; ')}`,
  }));
  return {
    shipped: all.filter(({ isShipped }) => isShipped).map(({ line }) => line),
    others: all.filter(({ isShipped }) => !isShipped).map(({ line }) => line),
  };
}

function reason(via: Vulnerability['via'][number]): string {
  return typeof via === 'string' ? `through ${via}` : `${via.title} ${via.url}`;
}
