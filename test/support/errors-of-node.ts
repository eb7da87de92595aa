import { types } from 'node:util';

/**
 * Jest runs every test file in a realm of its own, where the errors that Node.js makes (`ECONNRESET`)
 * are no instances of `Error`, as they are outside. Importing this sets it right.
 */
const ordinary = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    return this === Error ? types.isNativeError(value) : ordinary.call(this as never, value);
  },
});
