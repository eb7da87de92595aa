import ts from 'typescript';
import { type Finding, lineAt } from './finding';
import { phraseFindings } from './phrases';

/** Words with which a title continues a sentence that another line began. */
const CONTINUATIONS = new Set(
  'and are at can cannot had has have is may must nor not or that was were'.split(' '),
);

/**
 * Returns the test titles that are not facts by themselves, as in a log without the title of their
 * `describe`: titles without a subject, and those that are a placeholder only. Also returns phrases to
 * avoid in titles.
 *
 * @see https://jestjs.io/docs/api#testeachtablename-fn-timeout
 */
export function testTitleFindings(file: string, text: string): Finding[] {
  return titlesOf(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)).flatMap((node) => {
    const line = lineAt(text, node.getStart());
    const title = node.getText().slice(1, -1);
    const [word = ''] = title.split(' ');
    return [
      ...(CONTINUATIONS.has(word)
        ? [`test title opens with "${word}"; open with the subject`]
        : []),
      ...(/^[%$]\w+$/.test(title) ? [`test title is only "${title}"; state the fact`] : []),
      ...phraseFindings(file, title).map(({ message }) => message),
    ].map((message) => ({ file, line, message }));
  });
}

function titlesOf(node: ts.Node): ts.Node[] {
  const [title] = ts.isCallExpression(node) && isTest(node.expression) ? node.arguments : [];
  const titles: ts.Node[] = [];
  if (title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title)))
    titles.push(title);
  node.forEachChild((child) => {
    titles.push(...titlesOf(child));
  });
  return titles;
}

/** Returns whether a called expression is `it`, `test` or a table of one of them. */
function isTest(called: ts.Expression): boolean {
  if (ts.isCallExpression(called)) return isTest(called.expression);
  if (ts.isPropertyAccessExpression(called)) return isTest(called.expression);
  return ts.isIdentifier(called) && ['it', 'test'].includes(called.text);
}
