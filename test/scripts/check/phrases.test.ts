import { phraseFindings } from '../../../scripts/check/phrases';

test.each([
  ['Whoever asks gets a 401.', 'Whoever'],
  ['The answer is cached.', 'answer'],
  ['Entries live until their end.', 'their end'],
  ['The operator is told.', 'told'],
  ['The table is left alone.', 'left alone'],
  ['Sent beside the token.', 'beside'],
  ['The lifetime less the age.', 'less'],
  ['It is read afresh.', 'afresh'],
  ['The key stands in the secret.', 'stands in'],
  ['No data is no trouble.', 'is no'],
  ['The port is none.', 'is none'],
  ['It waited in vain.', 'in vain'],
])('in "%s" the phrase "%s" is reported', (text, phrase) => {
  expect(phraseFindings('docs/a.md', text)).toEqual([
    { file: 'docs/a.md', line: 1, message: expect.stringContaining(`"${phrase}": `) },
  ]);
});

test.each([
  'There is no second item.',
  'The key is no longer published.',
  'At least 32 characters, and less than 4 KB.',
  'The stand-in of DynamoDB runs locally.',
  'The preflight request is answered by API Gateway.',
])('"%s" is accepted', (text) => {
  expect(phraseFindings('docs/a.md', text)).toEqual([]);
});

test('phrases in code spans, code blocks and HTML comments are skipped', () => {
  const text = 'Avoid `nobody`.\n\n```sh\necho nobody\n```\n\n<!-- nobody -->\n';

  expect(phraseFindings('docs/a.md', text)).toEqual([]);
});

test('phrases after a code block are reported with the line of the page, in order', () => {
  const text = '```sh\necho\n```\n\nBeside it.\nNobody sees it.\nBeside it.\n';

  expect(phraseFindings('docs/a.md', text).map(({ line }) => line)).toEqual([5, 6, 7]);
});
