import { type Finding, lineAt } from './finding';

/** Words that open a dependent clause or a prepositional phrase. */
const CLAUSE_OPENERS = new Set(
  `about after against although among as at because before beside besides between beyond by despite
  during except for from how if in inside into like of on once outside over since so such than that
  though through throughout to toward towards under unless until upon what whatever when whenever where
  wherever whether which whichever while who whoever whom whose why with within without`.split(
    /\s+/,
  ),
);

/** Pattern of a doc comment and its first word. */
const DOC_COMMENT = /(?<![\w*'"`/])\/\*\*(?!\/)[\s*]*([A-Za-z]+)/g;

/**
 * Returns the doc comments whose first sentence is neither a verb phrase nor a noun phrase, judged by
 * their first word.
 */
export function docCommentFindings(file: string, text: string): Finding[] {
  return [...text.matchAll(DOC_COMMENT)]
    .filter(([, word = '']) => CLAUSE_OPENERS.has(word.toLowerCase()))
    .map(({ 0: opening, 1: word, index }) => ({
      file,
      line: lineAt(text, index + opening.length),
      message: `doc comment opens with "${word}"; open with a verb phrase (function) or a noun phrase`,
    }));
}
