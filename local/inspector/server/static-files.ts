import { readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';
import { PROJECT } from '../../../terminal/project';

/** File that is served as it is. */
export interface StaticFile {
  readonly type: string;
  readonly content: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const PAGE = join(PROJECT, 'local', 'inspector', 'page');

/** Modules of lit-html that the page imports, directly or not. */
const LIT_HTML_MODULES = [
  'lit-html.js',
  'directive.js',
  'directive-helpers.js',
  'directives/live.js',
  'directives/repeat.js',
];

/** Reads the files of the page. Only these paths exist, so that no other file can be requested. */
export function readStaticFiles(): ReadonlyMap<string, StaticFile> {
  const page = readdirSync(PAGE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(PAGE.length).split(sep).join('/'), path] as const);
  // The package's main module for Node.js is in a folder next to those for browsers.
  const litHtml = dirname(dirname(require.resolve('lit-html')));
  const library = LIT_HTML_MODULES.map(
    (module) => [`/lit-html/${module}`, join(litHtml, module)] as const,
  );
  const files = [...page, ...library].map(([path, file]) => [path, readStaticFile(file)] as const);
  return new Map([...files, ['/', readStaticFile(join(PAGE, 'index.html'))]]);
}

function readStaticFile(file: string): StaticFile {
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  return { type, content: readFileSync(file) };
}
