/** A place in the project that breaks a rule. */
export interface Finding {
  /** Path relative to the project's root. */
  readonly file: string;
  /** Line number, from 1. */
  readonly line: number;
  readonly message: string;
}

/** Returns the number, from 1, of the line that holds an offset of a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
