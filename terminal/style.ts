import { styleText } from 'node:util';

/** Color or emphasis of a text. */
export type Format = Parameters<typeof styleText>[0];

/** Function that returns a text with its format, or without where colors are not shown. */
export type Style = (format: Format, text: string) => string;

/**
 * Returns the style of a stream: colors on terminals only, unless `NO_COLOR` or `FORCE_COLOR` says otherwise.
 *
 * @see https://no-color.org
 * @see https://force-color.org
 */
export function styleOf(stream: NodeJS.WriteStream): Style {
  return (format, text) => styleText(format, text, { stream });
}

/** Style without colors. */
export const PLAIN: Style = (_format, text) => text;
