import { type OutputFile, type Plugin, transformSync } from 'esbuild';

/** Name that `require` has until the files are CommonJS, so that esbuild leaves its calls as they are. */
export const REQUIRE = '__require_part';

const PART = 'part:';

/** Returns the entry point of a part, for `parts`. */
export const part = (name: string) => ({ in: `${PART}${name}`, out: name });

/**
 * Lets each entry point `part:NAME` be the module NAME, after all modules of the main entry point. These are in one
 * chunk then, which each part shares: no code, and no class, is in two files.
 *
 * @param directory of the modules.
 * @param main path of the main entry point, relative to the directory.
 */
export function parts(directory: string, main: string): Plugin {
  return {
    name: 'parts',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${PART}`) }, ({ path }) => ({
        path: path.slice(PART.length),
        namespace: PART,
      }));
      build.onLoad({ filter: /.*/, namespace: PART }, ({ path }) => ({
        contents: `import '${main}'; export * from './${path}';`,
        resolveDir: directory,
      }));
    },
  };
}

/** Returns a file that was split off as an ES module, and its source map, as CommonJS. */
export function toCommonJs(file: OutputFile, map: OutputFile): { code: string; map: string } {
  const encoded = Buffer.from(map.contents).toString('base64');
  const code = file.text.replace(
    /^\/\/# sourceMappingURL=.*$/m,
    `//# sourceMappingURL=data:application/json;base64,${encoded}`,
  );
  return transformSync(code, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    minify: true,
    define: { [REQUIRE]: 'require' },
    sourcemap: 'external',
    sourcesContent: false,
  });
}
