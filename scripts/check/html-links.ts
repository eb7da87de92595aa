import { dirname, join, normalize } from 'node:path';
import type { TextFile } from './files';
import { type Finding, lineAt } from './finding';

/** Attribute with a link, or with the source of an image, a script or a style sheet. */
const REFERENCE = /<(\w+)\b[^>]*?\s(?:href|src)="([^"]*)"/g;

/** Identifier of an element, to which a link can lead. */
const ID = /\sid="([^"]*)"/g;

/** Elements that a browser loads from their address. A link that a reader follows can be external. */
const LOADED = new Set(['img', 'link', 'script', 'source']);

/**
 * Returns the links of HTML pages that lead to no file or no element, and what they would load from other servers.
 *
 * @param exists tells whether a path below the root is a file
 */
export function htmlLinkFindings(
  pages: readonly TextFile[],
  exists: (file: string) => boolean,
): Finding[] {
  const idsByFile = new Map(
    pages.map(({ file, text }) => [file, new Set([...text.matchAll(ID)].map(([, id]) => id))]),
  );
  return pages.flatMap(({ file, text }) =>
    [...text.matchAll(REFERENCE)].flatMap(({ 1: element = '', 2: target = '', index }) => {
      const fault = faultOf(file, element, target);
      return fault ? [{ file, line: lineAt(text, index), message: `${target}: ${fault}` }] : [];
    }),
  );

  function faultOf(file: string, element: string, target: string): string | undefined {
    if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(target)) {
      const isExternal = LOADED.has(element) && !target.startsWith('data:');
      return isExternal ? 'external request' : undefined;
    }
    const [path = '', anchor = ''] = decodeURI(target).split('#');
    const [name = ''] = path.split('?');
    const linked = name === '' ? file : normalize(join(dirname(file), name));
    const ids = idsByFile.get(linked);
    if (ids === undefined) return exists(linked) ? undefined : 'no such file';
    return anchor === '' || ids.has(decodeURIComponent(anchor)) ? undefined : 'no such element';
  }
}
