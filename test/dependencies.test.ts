import { type Import, importsOf } from './support/imports';

/** Returns the imports that are not allowed, as text that reads by itself in a failure. */
function forbidden(path: string, allowed: (imported: Import) => boolean): string[] {
  const imports = importsOf(path);
  expect(imports.length).toBeGreaterThan(0);
  return imports
    .filter((imported) => !allowed(imported))
    .map(({ from, to, typeOnly }) => `${from} -> ${typeOnly ? 'type ' : ''}${to}`);
}
const ours = (to: string) =>
  /^(bin|cli|doctor|lib|lambda|local|scripts|bench|terminal|test)\//.test(to);
const within =
  (...places: string[]) =>
  ({ to }: Import) =>
    places.some((place) => to.startsWith(place));

describe('dependencies point inwards', () => {
  it('core imports core and the contract, and from outside crypto, zlib and types only', () => {
    const allowed = within('lambda/core/', 'lambda/contract.ts');

    expect(
      forbidden(
        'lambda/core',
        (it) =>
          allowed(it) ||
          ['node:crypto', 'node:zlib'].includes(it.to) ||
          (it.typeOnly && !ours(it.to)),
      ),
    ).toEqual([]);
  });

  it('the contract imports nothing', () => {
    expect(importsOf('lambda/contract.ts')).toEqual([]);
  });

  it('the edges import core, the contract, each other and packages', () => {
    const allowed = within('lambda/core/', 'lambda/contract.ts', 'lambda/io/');

    expect(forbidden('lambda/io', (it) => allowed(it) || !ours(it.to))).toEqual([]);
  });

  it('the caches import core, each other, and of the edges the circuit breaker and types', () => {
    const allowed = within(
      'lambda/core/',
      'lambda/contract.ts',
      'lambda/cache/',
      'lambda/io/aws/table-circuit-breaker.ts',
    );

    expect(
      forbidden(
        'lambda/cache',
        (it) =>
          allowed(it) || it.to === 'node:crypto' || (it.typeOnly && it.to.startsWith('lambda/io/')),
      ),
    ).toEqual([]);
  });

  it('the authorizer imports core, and of the edges types only', () => {
    const allowed = within('lambda/core/', 'lambda/contract.ts');

    expect(
      forbidden(
        'lambda/authorizer.ts',
        (it) => allowed(it) || (it.typeOnly && it.to.startsWith('lambda/io/')),
      ),
    ).toEqual([]);
  });

  it.each(['lambda/rotation', 'lambda/key-set'])(
    '%s imports itself, core, the contract and edges, and nothing of the authorizer',
    (folder) => {
      const allowed = within(
        `${folder}/`,
        'lambda/core/',
        'lambda/contract.ts',
        'lambda/io/aws/',
        'lambda/io/http/',
        'lambda/io/steady-clock.ts',
        'lambda/io/system-clock.ts',
        'node:',
      );

      expect(forbidden(folder, allowed)).toEqual([]);
    },
  );

  it('the function imports nothing from outside but packages', () => {
    expect(forbidden('lambda', (it) => within('lambda/')(it) || !ours(it.to))).toEqual([]);
  });

  it('lib imports of the function nothing but the contract', () => {
    const allowed = within('lib/', 'lambda/contract.ts');

    expect(forbidden('lib', (it) => allowed(it) || !ours(it.to))).toEqual([]);
  });

  it('bin imports the public API of lib', () => {
    expect(forbidden('bin', (it) => it.to === 'lib/index.ts' || !ours(it.to))).toEqual([]);
  });

  it('doctor imports the code of the function that decides, and of lib config and routes', () => {
    const allowed = within(
      'doctor/',
      'lambda/core/',
      'lambda/contract.ts',
      'lambda/io/authorization-server/',
      'lambda/io/http/',
      'lib/stack/config/',
      'lib/scopes/route-scopes.ts',
      'terminal/',
    );

    expect(forbidden('doctor', (it) => allowed(it) || /^(node:|commander$)/.test(it.to))).toEqual(
      [],
    );
  });

  it('checks of doctor do no I/O: of the probes they import types', () => {
    const pure = (it: Import) => !it.to.startsWith('doctor/probes/') || it.typeOnly;

    expect(forbidden('doctor/checks', pure)).toEqual([]);
  });

  it('local mode imports nothing of function, constructs and app', () => {
    const allowed = within('local/', 'terminal/');

    expect(forbidden('local', (it) => allowed(it) || !ours(it.to))).toEqual([]);
  });

  it('the terminal imports itself and packages, and the command line the commands', () => {
    expect(forbidden('terminal', (it) => within('terminal/')(it) || !ours(it.to))).toEqual([]);
    const commands = within('cli/', 'doctor/commands.ts', 'local/cli/', 'terminal/');

    expect(forbidden('cli', (it) => commands(it) || !ours(it.to))).toEqual([]);
  });
});

/** Folders of the constructs from top to bottom; those of one line do not import each other. */
const LIB_FOLDERS = [
  ['lib/stack/'],
  ['lib/api/'],
  ['lib/protection/', 'lib/observability/'],
  ['lib/authorizer/'],
  ['lib/signing/'],
  ['lib/scopes/'],
  ['lib/validation/', 'lib/cdk/'],
];

describe('folders of the constructs', () => {
  it.each(LIB_FOLDERS.flatMap((line, level) => line.map((folder) => ({ folder, level }))))(
    '$folder imports only itself and folders below it',
    ({ folder, level }) => {
      const below = within(folder, ...LIB_FOLDERS.slice(level + 1).flat(), 'lambda/contract.ts');

      expect(forbidden(folder, (it) => below(it) || !ours(it.to))).toEqual([]);
    },
  );

  it('lib itself holds the public API alone', () => {
    const loose = importsOf('lib')
      .map(({ from }) => from)
      .filter((file) => /^lib\/[^/]+$/.test(file));

    expect(new Set(loose)).toEqual(new Set(['lib/index.ts']));
  });
});

describe('import circles', () => {
  it('no source file imports itself by way of others', () => {
    const folders = [
      'bench',
      'bin',
      'cli',
      'doctor',
      'examples',
      'lambda',
      'lib',
      'local',
      'scripts',
      'terminal',
      'upstream',
    ];
    const imports = folders.flatMap(importsOf);

    expect(imports.length).toBeGreaterThan(0);
    expect(filesInCircles(imports)).toEqual([]);
  });

  it('an import circle is found, also of types', () => {
    const circle = [
      { from: 'a', to: 'b', typeOnly: false },
      { from: 'b', to: 'c', typeOnly: true },
      { from: 'c', to: 'b', typeOnly: false },
    ];

    expect(filesInCircles(circle)).toEqual(['b', 'c']);
  });
});

/** Returns the files that can be reached from themselves. */
function filesInCircles(imports: readonly Import[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) targets.set(from, [...(targets.get(from) ?? []), to]);
  const isInCircle = (file: string): boolean => {
    const reached = new Set(targets.get(file));
    for (const next of reached) for (const to of targets.get(next) ?? []) reached.add(to);
    return reached.has(file);
  };
  return [...targets.keys()].filter(isInCircle);
}
