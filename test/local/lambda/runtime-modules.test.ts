import { existsSync, mkdirSync, mkdtempSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkRuntimeModules, type RuntimeModules } from '../../../local/lambda/runtime-modules';

let root: string;
let modules: RuntimeModules | undefined;

beforeEach(() => {
  modules = undefined;
  root = realpathSync(mkdtempSync(join(tmpdir(), 'modules-')));
});

afterEach(() => {
  modules?.remove();
  rmSync(root, { recursive: true, force: true });
});

/** Installs a package in a folder. Returns its path. */
function install(folder: string, name: string): string {
  const path = join(root, folder, 'node_modules', name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** Returns where functions of the app find a package; `undefined` if they do not. */
function find(name: string): string | undefined {
  modules ??= linkRuntimeModules(join(root, 'infra'));
  const link = join(modules.path, name);
  return existsSync(link) ? readlinkSync(link) : undefined;
}

test('functions find packages of the AWS SDK of the app, around it and in its folders', () => {
  const own = install('infra', '@aws-sdk/client-s3');
  const around = install('.', '@aws-sdk/client-sqs');
  const within = install('infra/services/orders', '@aws-sdk/lib-dynamodb');

  expect(find('@aws-sdk/client-s3')).toBe(own);
  expect(find('@aws-sdk/client-sqs')).toBe(around);
  expect(find('@aws-sdk/lib-dynamodb')).toBe(within);
});

test('functions find the package of the app first, then that of this project', () => {
  const own = install('infra', '@aws-sdk/client-dynamodb');
  install('infra/lambda', '@aws-sdk/client-dynamodb');

  expect(find('@aws-sdk/client-dynamodb')).toBe(own);
  expect(find('@aws-sdk/client-secrets-manager')).toContain(process.cwd());
});

test('functions do not find other packages, nor those of synthesized assets', () => {
  install('infra', 'express');
  install('infra/cdk.out/asset.1', '@aws-sdk/client-s3');

  expect(find('express')).toBeUndefined();
  expect(find('@aws-sdk/client-s3')).toBeUndefined();
});
