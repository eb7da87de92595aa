import { dirname, join } from 'node:path';
import ts from 'typescript';
import type { Finding } from './finding';
import { moduleOf, type Snippet } from './snippets';

/** Type-checks examples against the library's source, with the project's compiler options. */
export function snippetFindings(root: string, snippets: readonly Snippet[]): Finding[] {
  const options = compilerOptions(root);
  const modules = new Map(
    snippets.map((snippet, index) => {
      // In the directory of its page, so that packages and relative imports resolve as they do for a reader.
      const path = join(root, dirname(snippet.file), `snippet-${index}.ts`);
      return [path, { snippet, ...moduleOf(snippet) }];
    }),
  );
  const program = ts.createProgram([...modules.keys()], options, hostWith(options, modules));
  return [...modules].flatMap(([path, { snippet, firstLine }]) => {
    const source = program.getSourceFile(path);
    return ts.getPreEmitDiagnostics(program, source).map(({ start = 0, messageText }) => ({
      file: snippet.file,
      line: snippet.line + (source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1 - firstLine,
      message: ts.flattenDiagnosticMessageText(messageText, '\n  '),
    }));
  });
}

function compilerOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  // An example may end with a declaration that only its reader uses.
  return { ...options, noUnusedLocals: false, noUnusedParameters: false, types: ['node'] };
}

function hostWith(
  options: ts.CompilerOptions,
  modules: ReadonlyMap<string, { readonly text: string }>,
): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  // Parsing the comments of declarations takes a third of the time, and no type is in them.
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
  host.fileExists = (path) => modules.has(path) || fileExists(path);
  host.readFile = (path) => modules.get(path)?.text ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = modules.get(path)?.text;
    return text === undefined
      ? getSourceFile(path, version, ...rest)
      : ts.createSourceFile(path, text, version);
  };
  return host;
}
