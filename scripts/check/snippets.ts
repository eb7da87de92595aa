/** A TypeScript example of a Markdown page. */
export interface Snippet {
  /** Path of the page relative to the project's root. */
  readonly file: string;
  /** Line number of the example's first line, from 1. */
  readonly line: number;
  /** Declarations that the example requires, from the HTML comment before it. */
  readonly given: string;
  readonly code: string;
}

/** Code block that shows Markdown with code blocks. */
const NESTED = /^(`{4,})[^\n]*\n[\s\S]*?^\1$/gm;

const EXAMPLE = /(?:<!-- given:\s([\s\S]*?)-->\s*)?^```ts\n([\s\S]*?)^```$/gm;

/**
 * Returns the `ts` examples of a Markdown page. A comment directly before an example, which readers do not
 * see, declares what it requires: `<!-- given: declare const name: Type; -->`.
 */
export function snippetsOf(file: string, markdown: string): Snippet[] {
  const page = markdown.replace(NESTED, (block) => block.replace(/[^\n]/g, ' '));
  return [...page.matchAll(EXAMPLE)].map(({ 0: all, 1: given = '', 2: code = '', index }) => ({
    file,
    line: page.slice(0, index + all.indexOf('```ts\n') + 6).split('\n').length,
    given: given.trim(),
    code,
  }));
}

/**
 * Returns the module that is type-checked for an example: its imports, then its statements as the body
 * of a function whose `this` is a stack. Examples that export something stay as they are. Each line of
 * the example is one line of the module; `firstLine` is the first, from 1.
 */
export function moduleOf({ given, code }: Snippet): { text: string; firstLine: number } {
  const head = `${given}\nexport {};\n`;
  const firstLine = head.split('\n').length;
  const imports = /^(?:import [\s\S]*?;\n+)*/.exec(code)?.[0] ?? '';
  const body = code.slice(imports.length);
  if (/^export /m.test(body)) return { text: head + code, firstLine };
  const parameter = /\bthis\b/.test(body) ? "this: import('aws-cdk-lib').Stack" : '';
  const before = (head + imports).replace(/\n$/, '');
  return {
    text: `${before} export async function example(${parameter}) {\n${body}}\n`,
    firstLine,
  };
}
