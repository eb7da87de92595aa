import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { CERTIFICATE } from '../../validation/prop-patterns';
import { crossFieldIssues } from './cross-field-issues';
import { type DeploymentConfig, deploymentConfigSchema } from './schema';

/** The config file cannot be used; the message lists every fault with its path in the file. */
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
  const faults = [
    ...(reading.error?.issues.flatMap(describeIssue) ?? []),
    ...crossFieldIssues(given),
  ];
  if (!reading.success || faults.length > 0) throw faulty(file, faults);
  const { introspection } = reading.data;
  if (introspection.caBundle === undefined) return reading.data;
  const caBundle = readCaBundle(file, introspection.caBundle);
  return { ...reading.data, introspection: { ...introspection, caBundle } };
}

/** The certificates themselves, in place of the path to them. */
function readCaBundle(configFile: string, path: string): string {
  const file = resolve(dirname(configFile), path);
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Told below, as a file without a certificate.
  }
  if (CERTIFICATE.test(text)) return text.trim();
  throw faulty(configFile, [`introspection.caBundle: ${path} is no file with PEM certificates`]);
}

function faulty(file: string, faults: readonly string[]): DeploymentConfigError {
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return new DeploymentConfigError(
    `${file} has ${count}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
  );
}

function describeIssue(issue: z.core.$ZodIssue): string[] {
  const at = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${at ? `${at}.` : ''}${key}: is not a known key`);
  }
  const meant = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined;
  return meant
    ? meant.flatMap((inner) => describeIssue({ ...inner, path: [...issue.path, ...inner.path] }))
    : [`${at || '(file)'}: ${issue.message}`];
}

/** Of several kinds of value that were possible, the one whose faults lie within the value given. */
function meantBranch(branches: readonly (readonly z.core.$ZodIssue[])[]) {
  const within = branches.find((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  return within ?? branches.find((issues) => issues.every(({ code }) => code !== 'invalid_type'));
}

function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
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
