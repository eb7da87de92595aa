import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parsePort, UsageError } from './run';

const USAGE = `usage: npm run local -- --config FILE | --app COMMAND [--context NAME=VALUE …] [--stack NAME]
  [--stage NAME] [--secret ARN=FILE …] [--port N] [--max-environments N] [--watch]`;

/** Arguments of `npm run local`. */
export interface Arguments {
  /** Absolute path of the deployment config; absent with `app`. */
  readonly config?: string;
  /** Command of a CDK app; absent with `config`. */
  readonly app?: string;
  /** Directory in which the command was called. */
  readonly directory: string;
  readonly context: Readonly<Record<string, string>>;
  readonly stack?: string | undefined;
  readonly stage?: string | undefined;
  /** Values of secrets by ARN or name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly port?: number | undefined;
  readonly maxEnvironments?: number | undefined;
  readonly watch: boolean;
}

/**
 * Reads the arguments of `npm run local`. Paths are relative to the caller's directory: npm runs scripts in
 * that of the package.
 *
 * @throws UsageError naming a wrong or missing argument.
 */
export function readArguments(args: readonly string[], environment: NodeJS.ProcessEnv): Arguments {
  const { config, app, port, 'max-environments': environments, ...rest } = parseOptions(args);
  if (config === undefined && app === undefined) {
    throw new UsageError(`either --config or --app is required\n${USAGE}`);
  }
  if (config !== undefined && app !== undefined) {
    throw new UsageError(`specify either --config or --app, not both\n${USAGE}`);
  }
  if (environments !== undefined && !/^[1-9]\d{0,2}$/.test(environments)) {
    throw new UsageError(`--max-environments must be a number from 1 to 999, got: ${environments}`);
  }
  const directory = resolve(environment['INIT_CWD'] ?? '.');
  const pairs = (name: string, texts: readonly string[]) =>
    Object.fromEntries(texts.map((text) => readPair(name, text)));
  const secretFiles = Object.entries(pairs('--secret', rest.secret));
  return {
    ...(config !== undefined && { config: resolve(directory, config) }),
    ...(app !== undefined && { app }),
    directory,
    context: pairs('--context', rest.context),
    stack: rest.stack,
    stage: rest.stage,
    secrets: Object.fromEntries(
      secretFiles.map(([id, file]) => [id, readSecret(resolve(directory, file))]),
    ),
    port: parsePort(port),
    maxEnvironments: environments === undefined ? undefined : Number(environments),
    watch: rest.watch,
  };
}

/** Reads the value of a secret. A line end that an editor adds is not part of it. */
function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch {
    throw new UsageError(`--secret must name a file that can be read, got: ${file}`);
  }
}

/** Splits a text at the first equals sign, which neither names nor ARNs contain. */
function readPair(option: string, text: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  const form = option === '--secret' ? 'ARN=FILE' : 'NAME=VALUE';
  throw new UsageError(`${option} must be ${form}, got: ${text}\n${USAGE}`);
}

function parseOptions(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const list = { type: 'string', multiple: true, default: [] as string[] } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: text,
        app: text,
        context: list,
        stack: text,
        stage: text,
        secret: list,
        port: text,
        'max-environments': text,
        watch: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}
