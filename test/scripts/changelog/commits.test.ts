import { changelogOf } from '../../../scripts/changelog/commits';

const commit = (subject: string, body = '') => ({ subject, body });

test('commits are grouped by type, with their scopes', () => {
  const commits = [
    commit('fix(lambda): refuse tokens over 4 KB'),
    commit('feat: publish the key set'),
    commit('perf(cache): read one item per token'),
    commit('fix(lib): name the alias'),
  ];

  expect(changelogOf(commits)).toBe(`### Added

- publish the key set

### Changed

- **cache**: read one item per token

### Fixed

- **lambda**: refuse tokens over 4 KB
- **lib**: name the alias
`);
});

test.each([
  ['feat(lib)!: remove shareInactive', '', 'remove shareInactive'],
  ['refactor(lib): rename a key', 'Why.\n\nBREAKING CHANGE: `a` is now\n`b`.', '`a` is now `b`.'],
])('%s is listed as a breaking change', (subject, body, text) => {
  expect(changelogOf([commit(subject, body)])).toBe(`### Breaking changes\n\n- **lib**: ${text}\n`);
});

test.each(['docs: explain the caches', 'test: cover 204', 'A subject without a type'])(
  'the commit "%s" is left out',
  (subject) => {
    expect(changelogOf([commit(subject)])).toBe('');
  },
);
