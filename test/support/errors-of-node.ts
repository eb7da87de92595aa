import { types } from 'node:util';

/**
 * Default `instanceof`. Jest runs each test file in its own realm, where errors of Node.js (`ECONNRESET`) are
 * not instances of `Error`. Importing this module makes them instances, as outside of jest.
 */
const ordinary = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    return this === Error ? types.isNativeError(value) : ordinary.call(this as never, value);
  },
});
