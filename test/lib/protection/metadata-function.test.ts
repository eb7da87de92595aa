import { App, Stack } from 'aws-cdk-lib';
import { addMetadataFunction } from '../../../lib/protection/metadata-function';

/** Adds a function for a document whose JSON, with its path, has a length. */
const add = (length: number) => {
  const empty = JSON.stringify({ '/a': { x: '' } }).length;
  const documents = { '/a': { x: 'x'.repeat(length - empty) } };
  return addMetadataFunction(new Stack(new App(), 'Stack'), { documents });
};

it('metadata of at most 3500 characters fits in a variable of the function', () => {
  expect(() => add(3500)).not.toThrow();
  expect(() => add(3501)).toThrow(
    'protectedResource must have metadata of at most 3500 characters, got: 3501',
  );
});
