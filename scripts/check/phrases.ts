import { type Finding, lineAt } from './finding';
import { withoutCode } from './markdown';

/** Phrases to avoid, and the advice for each. `may` for an ability cannot be told from a permission. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:whoever|nobody|somebody|everybody)\b/gi, 'name the agent'],
  [/(?<!known-)\banswers?\b/gi, 'write "response", "result" or "responds"'],
  [/\b(?:its|their) end\b/gi, 'write "expiry"'],
  [/\b(?:told|tells)\b/gi, 'write "logged" or "reported"'],
  [/\bleft alone\b/gi, 'write "circuit open", or say what is skipped'],
  [/\bbeside\b/gi, 'write "in addition to"'],
  [/\bless (?=(?:all|its|that|the|those|what)\b)/gi, 'write "minus"'],
  [/\b(?:anew|afresh)\b/gi, 'write "again"'],
  [/\bstands? in (?=(?:a|an|its|the)\b)/gi, 'write "is in"'],
  [/(?<!\bthere )\bis no (?!(?:less|longer|more)\b)/gi, 'write "is not a"'],
  [/\bis none\b/gi, 'write "is not a"'],
  [/\bin vain\b/gi, 'write "unsuccessfully"'],
];

/** Returns the phrases to avoid in the prose of a Markdown page; code is skipped. */
export function phraseFindings(file: string, markdown: string): Finding[] {
  const prose = withoutCode(markdown);
  return PHRASES.flatMap(([pattern, advice]) =>
    [...prose.matchAll(pattern)].map(({ 0: phrase, index }) => ({
      file,
      line: lineAt(prose, index),
      message: `"${phrase.trim()}": ${advice}`,
    })),
  ).sort((one, other) => one.line - other.line);
}
