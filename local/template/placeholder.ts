const SUFFIX = 'not-imitated.invalid';

/**
 * Returns a value for an attribute that local mode does not imitate. A request that uses it fails: it is a
 * host name that does not exist, or an ARN that no embedded service knows, and it names the attribute.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6761#section-6.4
 */
export function placeholder(logicalId: string, attributeName: string): string {
  return /arn$/i.test(attributeName)
    ? `arn:aws:${SUFFIX}:us-east-1:000000000000:${logicalId}`
    : `${logicalId}.${attributeName}.${SUFFIX}`;
}

/** Tests whether a text contains a placeholder. */
export function hasPlaceholder(text: string): boolean {
  return text.includes(SUFFIX);
}
