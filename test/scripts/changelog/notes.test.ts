import { notesOf } from '../../../scripts/changelog/notes';

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.1.0] - 2026-12-01

### Added

- Minting.

## [1.0.0] - 2026-11-01

### Fixed

- Everything.

[1.0.0]: https://example.com/1.0.0
`;

test('the notes of a version are its section without the heading', () => {
  expect(notesOf('1.1.0', CHANGELOG)).toBe('### Added\n\n- Minting.');
});

test('the notes of the last version end before the link definitions', () => {
  expect(notesOf('1.0.0', CHANGELOG)).toBe('### Fixed\n\n- Everything.');
});

test.each(['2.0.0', '1.1', 'Unreleased'])('version %s without entries is an error', (version) => {
  expect(() => notesOf(version, CHANGELOG)).toThrow(`no entries for version ${version}`);
});
