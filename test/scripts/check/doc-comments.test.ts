import { docCommentFindings } from '../../../scripts/check/doc-comments';

test.each(['What', 'Whether', 'Of', 'Under', 'In', 'How', 'for'])(
  'a doc comment that opens with "%s" is reported',
  (word) => {
    expect(docCommentFindings('lib/a.ts', `/** ${word} it holds. */\nconst a = 1;`)).toEqual([
      { file: 'lib/a.ts', line: 1, message: expect.stringContaining(`opens with "${word}"`) },
    ]);
  },
);

test.each(['Returns the key.', 'Maximum age, in seconds.', 'Inner key.', '`active` must be true.'])(
  'the doc comment "%s" is accepted',
  (comment) => {
    expect(docCommentFindings('lib/a.ts', `/** ${comment} */`)).toEqual([]);
  },
);

test('the finding of a doc comment of several lines names the line of its first word', () => {
  const text =
    'const a = 1;\n\n  /**\n   * Whether it is cached.\n   */\n  readonly cached: boolean;';

  expect(docCommentFindings('lib/a.ts', text)).toMatchObject([{ line: 4 }]);
});

test('a doc comment of a constructor parameter is checked', () => {
  expect(
    docCommentFindings('lib/a.ts', 'constructor(/** Of the table. */ name: string) {}'),
  ).toHaveLength(1);
});

test('only the first word of a doc comment is checked', () => {
  expect(docCommentFindings('lib/a.ts', '/**\n * Reads it. What else?\n * Of these.\n */')).toEqual(
    [],
  );
});

test.each(["'lambda/**/What.ts'", '/* What else */', '// What else', '/** @see What */'])(
  '%s is not taken for a doc comment with a sentence',
  (text) => {
    expect(docCommentFindings('lib/a.ts', text)).toEqual([]);
  },
);
