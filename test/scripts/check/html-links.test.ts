import { htmlLinkFindings } from '../../../scripts/check/html-links';

const check = (text: string) =>
  htmlLinkFindings(
    [
      { file: 'api/index.html', text },
      { file: 'api/classes/A.html', text: '<h1 id="top">A</h1>' },
    ],
    (file) => file === 'api/media/flow.svg',
  ).map(({ line, message }) => `${line}: ${message}`);

test('links to pages, elements, files and other sites are right', () => {
  expect(
    check(`<h2 id="guides"></h2><a href="#guides">x</a> <a class="b" href="classes/A.html#top">A</a>
      <a href="https://example.com/">x</a> <img src="media/flow.svg"/> <img src="data:image/png;base64,x"/>`),
  ).toEqual([]);
});

test.each([
  ['a page that does not exist', '<a href="classes/B.html">', '1: classes/B.html: no such file'],
  ['an element that does not exist', '\n<a href="#x">', '2: #x: no such element'],
  [
    'an element of another page',
    '<a href="classes/A.html#x">',
    '1: classes/A.html#x: no such element',
  ],
  [
    'an external script',
    '<script src="https://cdn.example.com/x.js">',
    '1: https://cdn.example.com/x.js: external request',
  ],
  [
    'an external image',
    '<img alt="" src="//example.com/x.png">',
    '1: //example.com/x.png: external request',
  ],
])('a link to %s is found', (_title, text, finding) => {
  expect(check(text)).toEqual([finding]);
});
