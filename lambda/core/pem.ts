/**
 * A PEM block, possibly indented or in one line. It has no headers, which encrypted keys of an older format have.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7468#section-2
 */
const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-:]*)-----END \1-----/g;
const BEGIN = '-----BEGIN ';

/** Length of a line of base64 text in PEM. */
const LINE = /.{1,64}/g;

/**
 * Returns PEM text with the line breaks that parsers require. Accepts what tools and consoles make of PEM:
 * a literal `\n` for each line break, one line, or indented lines. Other text is returned unchanged, as is text
 * with a block that has headers.
 */
export function normalizePem(text: string): string {
  const blocks = [...text.replaceAll(/\\r|\\n/g, '').matchAll(BLOCK)];
  if (blocks.length === 0 || blocks.length < text.split(BEGIN).length - 1) return text;
  return blocks.map(([, label, body]) => toLines(label as string, body as string)).join('');
}

function toLines(label: string, body: string): string {
  const lines = body.replaceAll(/\s/g, '').match(LINE) ?? [];
  return `${[`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n')}\n`;
}

/** Returns the certificates of PEM text, each as PEM. */
export function certificatesOf(text: string): readonly string[] {
  return [...text.matchAll(BLOCK)].flatMap(([block, label]) =>
    label === 'CERTIFICATE' ? [block] : [],
  );
}
