import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Finding, lineAt } from './finding';
import { anchorsOf, withoutCode } from './markdown';

/** The target of an inline link or image, or of a link definition. */
const LINK = /\]\(<?([^\s()<>]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s+(\S+)/gm;

/** A path of the machine on which the page was written. */
const MACHINE_PATH = /(?<![\w.:/~-])(?:\/(?:home|mnt|private|root|Users|work)\/|[A-Z]:\\)[\w.-]*/g;

/** Returns the links of a Markdown page that lead to no file or no heading, and its absolute paths. */
export function linkFindings(root: string, file: string, markdown: string): Finding[] {
  const links = [...withoutCode(markdown).matchAll(LINK)].flatMap((match) => {
    const target = match[1] ?? match[2] ?? '';
    const fault = linkFault(root, file, target);
    return fault === undefined ? [] : [finding(match.index, `${target}: ${fault}`)];
  });
  const paths = [...markdown.matchAll(MACHINE_PATH)].map(({ 0: path, index }) =>
    finding(index, `${path}: absolute path`),
  );
  return [...links, ...paths];

  function finding(index: number, message: string): Finding {
    return { file, line: lineAt(markdown, index), message };
  }
}

function linkFault(root: string, file: string, target: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return undefined;
  if (target.startsWith('/')) return 'absolute path';
  const [path = '', anchor] = decodeURI(target).split('#');
  const linked = path === '' ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(root, linked))) return 'no such file';
  if (anchor === undefined || !linked.endsWith('.md')) return undefined;
  return anchorsOf(readFileSync(join(root, linked), 'utf8')).has(anchor)
    ? undefined
    : 'no such heading';
}
