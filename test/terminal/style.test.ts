import { execFileSync } from 'node:child_process';
import { wrap } from '../../terminal/wrap';
import { ROOT } from '../support/root';

const RED = '\u001b[31mtext\u001b[39m';

const CASES = [
  { title: 'on a terminal', isTTY: true, environment: {}, expected: RED },
  {
    title: 'on a terminal with NO_COLOR',
    isTTY: true,
    environment: { NO_COLOR: '1' },
    expected: 'text',
  },
  {
    title: 'on a terminal with FORCE_COLOR=0',
    isTTY: true,
    environment: { FORCE_COLOR: '0' },
    expected: 'text',
  },
  { title: 'in a pipe', isTTY: false, environment: {}, expected: 'text' },
  {
    title: 'in a pipe with FORCE_COLOR=1',
    isTTY: false,
    environment: { FORCE_COLOR: '1' },
    expected: RED,
  },
];

/** Program that styles a text in each case. Jest's own environment variables are not those of Node.js. */
const PROGRAM = `
  const { WriteStream } = require('node:tty');
  const { styleOf } = require('./terminal/style.ts');
  const texts = JSON.parse(process.argv[1]).map(({ isTTY, environment }) => {
    Object.assign(process.env, environment);
    const stream = Object.create(process.stdout, { isTTY: { value: isTTY } });
    stream.getColorDepth = WriteStream.prototype.getColorDepth;
    const text = styleOf(stream)('red', 'text');
    for (const name of Object.keys(environment)) delete process.env[name];
    return text;
  });
  console.log(JSON.stringify(texts));
`;

let texts: readonly string[];

beforeAll(() => {
  const args = ['--require', 'tsx/cjs', '-e', PROGRAM, JSON.stringify(CASES)];
  // Colors depend on more variables, such as `CI`.
  const env = { PATH: process.env['PATH'], TERM: 'xterm-256color' };
  const options = { cwd: ROOT, encoding: 'utf8', env } as const;
  texts = JSON.parse(execFileSync(process.execPath, args, options));
});

test.each(CASES.map((it, index) => [it.title, index, it.expected] as const))(
  'text %s has the colors that the environment asks for',
  (_title, index, expected) => {
    expect(texts[index]).toBe(expected);
  },
);

test('lines are broken between words, and colors take no space', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('\u001b[31mone\u001b[39m two three', 7, '  ')).toEqual([
    '\u001b[31mone\u001b[39m two',
    '  three',
  ]);
  expect(wrap('a-word-that-is-longer', 7)).toEqual(['a-word-that-is-longer']);
});
