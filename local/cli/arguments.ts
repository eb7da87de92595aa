import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { callerDirectory } from '../../terminal/invocation';
import { UsageError } from '../../terminal/user-error';
import type { LogFormat } from '../requests/log-format';
import type { MutualTlsOptions } from '../stack/mutual-tls';
import { type CertificateOptions, readCertificates } from './certificates';

/** Options of `local` as they are written. */
export interface LocalOptions extends CertificateOptions {
  readonly config?: string;
  readonly app?: string;
  readonly context?: readonly string[];
  readonly stack?: string;
  readonly stage?: string;
  readonly secret?: readonly string[];
  readonly port?: number;
  readonly inspectorPort?: number;
  readonly maxEnvironments?: number;
  readonly watch?: boolean;
  readonly log: LogFormat;
}

/** Arguments of `local`. */
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
  readonly mutualTls: MutualTlsOptions;
  readonly port?: number | undefined;
  /** Port of the inspector, which is off without it. */
  readonly inspectorPort?: number | undefined;
  readonly maxEnvironments?: number | undefined;
  readonly watch: boolean;
  readonly log: LogFormat;
}

/**
 * Reads the options of `local`. Paths are relative to the caller's directory.
 *
 * @throws UsageError naming a wrong or missing option.
 */
export function readArguments(options: LocalOptions, environment: NodeJS.ProcessEnv): Arguments {
  const { config, app, context, secret, watch = false, ...others } = options;
  const { clientCa, tlsCert, tlsKey, ...rest } = others;
  if (config === undefined && app === undefined) {
    throw new UsageError('either --config or --app is required');
  }
  if (config !== undefined && app !== undefined) {
    throw new UsageError('specify either --config or --app, not both');
  }
  const directory = callerDirectory(environment);
  const pairs = (name: string, texts: readonly string[] = []) =>
    Object.fromEntries(texts.map((text) => readPair(name, text)));
  const secretFiles = Object.entries(pairs('--secret', secret));
  return {
    ...(config !== undefined && { config: resolve(directory, config) }),
    ...(app !== undefined && { app }),
    directory,
    context: pairs('--context', context),
    secrets: Object.fromEntries(
      secretFiles.map(([id, file]) => [id, readSecret(resolve(directory, file))]),
    ),
    mutualTls: readCertificates({ clientCa, tlsCert, tlsKey }, directory),
    watch,
    ...rest,
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
  throw new UsageError(`${option} must be ${form}, got: ${text}`);
}
