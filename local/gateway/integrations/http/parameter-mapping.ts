import type { MappedValue, ParameterChange } from '../../definition/http/parameter-mapping';
import type { InvocationContext } from '../../request/invocation-context';
import { type HeaderField, withoutHeaders } from '../../request/message';
import { sourceValue } from '../../request/value-source';

/**
 * Returns the headers after the mapping. An overwritten header replaces every field of that name,
 * regardless of case. It is not sent if its source has no value: AWS does not document this case, and a
 * client must not be able to set a header that the upstream trusts.
 */
export function mapHeaders(
  fields: readonly HeaderField[],
  changes: readonly ParameterChange[],
  context: InvocationContext,
): readonly HeaderField[] {
  return changes.reduce((mapped, { action, name, value }) => {
    const kept = action === 'append' ? mapped : withoutHeaders(mapped, [name]);
    const text = action === 'remove' ? undefined : mappedText(value, context);
    return text === undefined ? kept : [...kept, [name, text] as const];
  }, fields);
}

/** Returns the query string after the mapping. Unmapped parameters keep the client's encoding. */
export function mapQuery(
  query: string,
  changes: readonly ParameterChange[],
  context: InvocationContext,
): string {
  const nameOf = (pair: string) => new URLSearchParams(pair).keys().next().value;
  return changes
    .reduce(
      (pairs, { action, name, value }) => {
        const kept = action === 'append' ? pairs : pairs.filter((pair) => nameOf(pair) !== name);
        const text = action === 'remove' ? undefined : mappedText(value, context);
        return text === undefined ? kept : [...kept, `${new URLSearchParams([[name, text]])}`];
      },
      query === '' ? [] : query.split('&'),
    )
    .join('&');
}

/** Returns the text of a mapped value, or `undefined` if one of its sources has no value. */
function mappedText(value: MappedValue, context: InvocationContext): string | undefined {
  const texts = value.map((source) => sourceValue(source, context));
  return texts.includes(undefined) ? undefined : texts.join('');
}
