import { type ConfigKey, configKeys } from '../../../../lib/stack/config/config-keys';
import { documentedSchema } from '../../../../lib/stack/config/json-schema';

const keys = configKeys(documentedSchema());
const keyAt = (path: string) => keys.find((key) => key.path === path);
const pathsWhere = (holds: (key: ConfigKey) => boolean) =>
  keys.filter(holds).map(({ path }) => path);

it('every config key is described in one short sentence', () => {
  expect(keys.length).toBeGreaterThan(50);
  expect(pathsWhere(({ description }) => !/^[A-Z][^\n]{8,88}\.$/.test(description))).toEqual([]);
});

it('every config key is required, has a default value, or describes its absence', () => {
  const undocumented = pathsWhere(
    ({ required, defaultValue, whenAbsent }) =>
      [required, defaultValue !== undefined, whenAbsent !== undefined].filter(Boolean).length !== 1,
  );

  expect(undocumented).toEqual([]);
});

it('config keys in objects of a list, or of one kind of a value, are listed with their types', () => {
  expect(keyAt('api.routes[].path')).toMatchObject({
    required: true,
    type: 'a path such as "/orders/{id}"',
  });
  expect(keyAt('introspection.response.member')).toMatchObject({ required: true });
  expect(keyAt('introspection.clientAuthentication.encoding')).toMatchObject({
    required: false,
    defaultValue: 'form',
    type: 'one of "form", "raw"',
  });
  expect(keyAt('cache.timeoutMilliseconds')).toMatchObject({
    defaultValue: 50,
    type: 'a whole number from 5 to 1000',
  });
});
