import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, CheckName } from '../../doctor/check';
import { diagnose } from '../../doctor/diagnose';

type Json = Readonly<Record<string, unknown>>;

/** Sections of a config file, some of which a test replaces. */
export interface Sections {
  readonly introspection?: Json;
  readonly token?: Json;
  readonly cache?: Json;
  readonly api?: Json;
  readonly operations?: Json;
}

interface Given {
  readonly secret?: string | undefined;
  readonly accessToken?: string | undefined;
}

/** Directory of config files, which is removed after the tests of a file. */
export function configDirectory() {
  const directory = mkdtempSync(join(tmpdir(), 'doctor-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  let count = 0;
  return {
    path: (name: string) => join(directory, name),
    write(content: unknown): string {
      count += 1;
      const file = join(directory, `config-${count}.json`);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
  };
}

/** Returns the JSON of a secret. */
export function secretOf({ clientId, clientSecret }: { clientId: string; clientSecret: string }) {
  return JSON.stringify({ client_id: clientId, client_secret: clientSecret });
}

/** Diagnoses a config file. Returns the checks by name, and all their text. */
export async function diagnosis(configFile: string, { secret, accessToken }: Given = {}) {
  const checks = await diagnose({ configFile, secret, accessToken });
  const find = (name: CheckName) => checks.find((check) => check.name === name);
  return { checks, find, text: checks.map(textOf).join('\n') };
}

/** Returns message and advice of a check. */
export function textOf(check: Check | undefined): string {
  return `${check?.message ?? ''}\n${check?.advice ?? ''}`;
}
