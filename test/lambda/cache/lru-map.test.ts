import fc from 'fast-check';
import { createLruMap } from '../../../lambda/cache/lru-map';

const sized = (bytes: number) => ({ bytes });
const create = (bounds: { maxEntries?: number; maxBytes?: number }) =>
  createLruMap<{ bytes: number }>({
    ...{ maxEntries: 3, maxBytes: 100, ...bounds },
    bytesOf: ({ bytes }) => bytes,
  });

describe('createLruMap', () => {
  it('an LRU map evicts the least recently used entry when one more is set', () => {
    const map = create({});
    for (const key of ['a', 'b', 'c']) map.set(key, sized(1));
    map.get('a');
    map.set('d', sized(1));

    expect(['a', 'b', 'c', 'd'].filter((key) => map.get(key))).toEqual(['a', 'c', 'd']);
  });

  it('an LRU map evicts as many entries as the bytes of a new one need', () => {
    const map = create({});
    for (const key of ['a', 'b', 'c']) map.set(key, sized(33));
    map.set('d', sized(60));

    expect(['a', 'b', 'c', 'd'].filter((key) => map.get(key))).toEqual(['c', 'd']);
  });

  it('an LRU map keeps exactly as many entries as its bound', () => {
    const map = create({});
    for (const key of ['a', 'b', 'c']) map.set(key, sized(1));

    expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([sized(1), sized(1), sized(1)]);
  });

  it('an LRU map keeps entries of exactly its bytes, and evicts for one byte more', () => {
    const map = create({});
    map.set('a', sized(50));
    map.set('b', sized(50));
    expect([map.get('a'), map.get('b')]).toEqual([sized(50), sized(50)]);

    map.set('b', sized(51));
    expect([map.get('a'), map.get('b')]).toEqual([undefined, sized(51)]);
  });

  it('an LRU map keeps a single entry of exactly its bytes, and none of one byte more', () => {
    const map = create({});
    map.set('a', sized(100));
    expect(map.get('a')).toEqual(sized(100));

    map.set('b', sized(101));
    expect([map.get('a'), map.get('b')]).toEqual([sized(100), undefined]);
  });

  it('an LRU map has the room of an entry that was deleted, replaced or evicted', () => {
    const map = create({});
    map.set('a', sized(100));
    map.delete('a');
    map.set('b', sized(60));
    map.set('b', sized(40));
    map.set('c', sized(60));
    expect([map.get('b'), map.get('c')]).toEqual([sized(40), sized(60)]);

    map.set('d', sized(1));
    map.set('e', sized(39));
    expect(['b', 'c', 'd', 'e'].filter((key) => map.get(key))).toEqual(['c', 'd', 'e']);
  });

  it('an LRU map counts an entry that is set again as used', () => {
    const map = create({});
    for (const key of ['a', 'b', 'c', 'a']) map.set(key, sized(1));
    map.set('d', sized(1));

    expect(['a', 'b', 'c', 'd'].filter((key) => map.get(key))).toEqual(['a', 'c', 'd']);
  });

  it('an LRU map deletes an entry wherever it is in the order of use, and nothing for an unknown key', () => {
    for (const key of ['a', 'b', 'c']) {
      const map = create({});
      for (const each of ['a', 'b', 'c']) map.set(each, sized(1));
      map.delete('unknown');
      map.delete(key);
      map.delete(key);
      map.set('d', sized(1));

      expect(['a', 'b', 'c', 'd'].filter((each) => map.get(each))).toEqual(
        ['a', 'b', 'c', 'd'].filter((each) => each !== key),
      );
    }
  });

  it('an LRU map counts a use of the newest, a middle or the oldest entry', () => {
    for (const [used, evicted] of [
      ['a', 'b'],
      ['b', 'a'],
      ['c', 'a'],
    ] as const) {
      const map = create({});
      for (const key of ['a', 'b', 'c']) map.set(key, sized(1));
      map.get(used);
      map.set('d', sized(1));

      expect(['a', 'b', 'c', 'd'].filter((key) => map.get(key) === undefined)).toEqual([evicted]);
    }
  });

  it('an LRU map drops an entry that is replaced by one beyond the bound, and no other entry', () => {
    const map = create({});
    map.set('a', sized(1));
    map.set('b', sized(1));
    map.set('b', sized(101));

    expect([map.get('a'), map.get('b')]).toEqual([sized(1), undefined]);
  });

  it('an LRU map never exceeds its bounds, and holds the entries used last, for any sequence of operations', () => {
    const operation = fc.record({
      kind: fc.constantFrom('get', 'set', 'delete'),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      bytes: fc.integer({ min: 1, max: 120 }),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const map = create({ maxEntries: 3 });
        // The model: keys with their sizes, the least recently used first.
        let model: [string, number][] = [];
        for (const { kind, key, bytes } of operations) {
          const known = model.find(([name]) => name === key);
          model = model.filter(([name]) => name !== key);
          if (kind === 'get') {
            expect(map.get(key)?.bytes).toBe(known?.[1]);
            if (known) model.push(known);
          } else if (kind === 'delete') map.delete(key);
          else {
            map.set(key, sized(bytes));
            if (bytes <= 100) model.push([key, bytes]);
            while (model.length > 3 || model.reduce((sum, [, size]) => sum + size, 0) > 100) {
              model.shift();
            }
          }
        }
        for (const [key, bytes] of model) expect(map.get(key)?.bytes).toBe(bytes);
        for (const key of ['a', 'b', 'c', 'd', 'e']) {
          if (!model.some(([name]) => name === key)) expect(map.get(key)).toBeUndefined();
        }
      }),
    );
  });
});
