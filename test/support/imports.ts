import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { ROOT } from './root';

export interface Import {
  /** The importing file, relative to the root. */
  readonly from: string;
  /** The imported file relative to the root, or the name of a package. */
  readonly to: string;
  /** Whether nothing of it is there at run time. */
  readonly typeOnly: boolean;
}

/** Imports of the files that were read. Files are in several folders. */
const known = new Map<string, Import[]>();

/** Every import of the TypeScript files under a folder, or of one file. */
export function importsOf(path: string): Import[] {
  return sources(join(ROOT, path)).flatMap((file) => {
    const imports = known.get(file) ?? readImports(file);
    known.set(file, imports);
    return imports;
  });
}

function sources(path: string): string[] {
  if (path.endsWith('.ts')) return [path];
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(path, name));
}

/** Source up to the last import. The rest, which takes longest to parse, imports nothing. */
const UP_TO_LAST_IMPORT = /^[\s\S]*\b(?:from|import|require)[\s(]*(['"`]).*?\1/;

function readImports(file: string): Import[] {
  const [text] = UP_TO_LAST_IMPORT.exec(readFileSync(file, 'utf8')) ?? [''];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly = false) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    found.push({ from: relative(ROOT, file), to: target(file, specifier.text), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isCallExpression(node)) {
      const { kind } = node.expression;
      const loads =
        kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(node.expression) && node.expression.text === 'require');
      if (loads) add(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const { name, namedBindings } = clause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

function target(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = resolve(dirname(file), specifier);
  const candidates = [path, `${path}.ts`, join(path, 'index.ts')];
  const found = candidates.find((candidate) => /\.\w+$/.test(candidate) && existsSync(candidate));
  return relative(ROOT, found ?? path);
}
