import { importsOf } from '../../support/imports';

/** Folders of the gateway from top to bottom. Each imports only itself and those below it. */
const ROOMS = ['pipeline', 'integrations', 'definition', 'request'];

const root = 'local/gateway/';
const roomOf = (path: string) => ROOMS.findIndex((room) => path.startsWith(`${root}${room}/`));
const imports = ROOMS.flatMap((room) => importsOf(`${root}${room}`));

describe('dependencies of the local gateway', () => {
  it('the rooms of the gateway import downwards only', () => {
    const upwards = imports.filter(
      ({ from, to }) => to.startsWith(root) && roomOf(to) < roomOf(from),
    );
    expect(imports.length).toBeGreaterThan(100);
    expect(upwards).toEqual([]);
  });

  it('request and definition import of local mode only the template', () => {
    const others = imports.filter(
      ({ from, to }) =>
        ['request', 'definition'].some((room) => from.startsWith(`${root}${room}/`)) &&
        /^(?:local|lib|lambda)\//.test(to) &&
        !to.startsWith(root) &&
        !to.startsWith('local/template/'),
    );
    expect(others).toEqual([]);
  });

  it('the kinds of API do not import each other', () => {
    const kindOf = (path: string) => /\/gateway\/\w+\/(rest|http)\//.exec(path)?.[1];
    const crossing = imports.filter(({ from, to }) => {
      const [importer, imported] = [kindOf(from), kindOf(to)];
      return importer !== undefined && imported !== undefined && importer !== imported;
    });
    expect(crossing).toEqual([]);
  });
});
