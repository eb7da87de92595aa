/** Page of the documentation with the steps for each alarm. */
const RUNBOOK_PAGE = 'docs/operations.md of phantom-token-authorizer';

/**
 * Returns a reference to a section of the runbook.
 *
 * @param section fragment of the section's heading.
 * @param url page of the operator's own, with the same sections.
 */
export function runbookLink(section: string, url?: string): string {
  return url === undefined ? `section #${section} in ${RUNBOOK_PAGE}` : `${url}#${section}`;
}
