import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CERTIFICATE } from '../../validation/prop-patterns';
import { configFaults } from './config-faults';
import { crossFieldIssues } from './cross-field-issues';
import { type DeploymentConfig, deploymentConfigSchema } from './schema';

/** Error of a config file that cannot be used. The message lists all faults, each with its key. */
export class DeploymentConfigError extends Error {
  override readonly name = 'DeploymentConfigError';
}

/**
 * Reads a deployment config file. Files that it names are read relative to it.
 *
 * @throws DeploymentConfigError if it is missing, not JSON, or faulty.
 */
export function loadDeploymentConfig(
  file: string,
  mode: { readonly local: boolean },
): DeploymentConfig {
  const given = parseFile(file);
  const reading = deploymentConfigSchema(mode).safeParse(given);
  const faults = [...configFaults(reading.error?.issues ?? [], given), ...crossFieldIssues(given)];
  if (!reading.success || faults.length > 0) throw faulty(file, faults);
  const { introspection } = reading.data;
  if (introspection.caBundle === undefined) return reading.data;
  const caBundle = readCaBundle(file, introspection.caBundle);
  return { ...reading.data, introspection: { ...introspection, caBundle } };
}

/** Returns the certificates in the file that `introspection.caBundle` names. */
function readCaBundle(configFile: string, path: string): string {
  const file = resolve(dirname(configFile), path);
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Reported below, like a file without a certificate.
  }
  if (CERTIFICATE.test(text)) return text.trim();
  throw faulty(configFile, [
    `introspection.caBundle: must name a file with PEM certificates, got: ${JSON.stringify(path)}`,
  ]);
}

function faulty(file: string, faults: readonly string[]): DeploymentConfigError {
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return new DeploymentConfigError(
    `${file} has ${count}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
  );
}

function parseFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new DeploymentConfigError(
      `${file} cannot be read: name your config file with -c config=FILE`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeploymentConfigError(`${file} is not JSON: ${reason}`);
  }
}
