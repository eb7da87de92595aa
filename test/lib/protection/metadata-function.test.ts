import { LONGEST_BINDING } from '../../../lib/protection/binding-metadata';
import { addMetadataFunction } from '../../../lib/protection/metadata-function';
import { newStack } from '../../support/synthesize';

type Binding = Parameters<typeof addMetadataFunction>[1]['binding'];

/** Adds a function for a document whose JSON, with its path, has a length without the members about bound tokens. */
const add = (length: number, binding?: Binding) => {
  const empty = JSON.stringify({ '/a': { resource: '' } }).length;
  const documents = { '/a': { resource: 'x'.repeat(length - empty) } };
  return addMetadataFunction(newStack(), { documents, binding });
};

it('metadata of at most 3500 characters fits in a variable of the function', () => {
  expect(() => add(3500)).not.toThrow();
  expect(() => add(3501)).toThrow(
    'protectedResource must have metadata of at most 3500 characters, got: 3501',
  );
});

it('metadata of at most 3500 characters includes the members about bound tokens', () => {
  const members = JSON.stringify(LONGEST_BINDING).length - '{}'.length + ','.length;
  const binding = () => ({});

  expect(() => add(3500 - members, binding)).not.toThrow();
  expect(() => add(3501 - members, binding)).toThrow(
    'protectedResource must have metadata of at most 3500 characters, got: 3501',
  );
});
