import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type {
  AuthorizationServer,
  AuthorizationServerOptions,
} from '../../local/authorization-server/authorization-server';
import type { ClientCredentials } from '../../local/authorization-server/client';
import { postForm } from '../../local/authorization-server/post-form';
import { basicAuthorization } from './basic-authorization';

const PROJECT = join(__dirname, '..', '..');

/** Compiled `authorization-server-process.ts`, which `global-setup.ts` writes. */
const PROGRAM = join(PROJECT, 'dist', 'test', 'authorization-server-process.mjs');

/** Applications that are registered by default. Tokens of `brief` expire after two seconds. */
type ApplicationName = 'shop' | 'brief';

type Clock = 'freeze the clock' | 'one second later' | 'release the clock';

/** Embedded authorization server in its own process. */
export interface AuthorizationServerProcess
  extends Omit<
    AuthorizationServer<ApplicationName>,
    'introspections' | 'running' | 'serveMutualTls' | 'close'
  > {
  /** Requests an opaque access token of an application. */
  accessToken(application: ApplicationName, scope?: string): Promise<string>;
  /** Returns the number of introspection requests, rejected ones included. */
  introspections(): Promise<number>;
  /** Freezes, advances or releases its clock. */
  clock(command: Clock): Promise<void>;
  /** Returns its output so far. */
  printed(): string;
  /** Closes the server. Resolves with the exit code of its process, which exits by itself. */
  close(): Promise<number | null>;
  /** Kills the process. */
  kill(): void;
}

/** Options of the embedded authorization server. */
export type AuthorizationServerProcessOptions = Partial<
  AuthorizationServerOptions<ApplicationName>
> & {
  /** PEM of the authority that issued its certificate, for `accessToken`. Default: none. */
  readonly ca?: string;
};

/**
 * Starts the embedded authorization server in its own process.
 *
 * @throws Error with its output if it does not start.
 */
export async function startAuthorizationServerProcess({
  ca,
  ...options
}: AuthorizationServerProcessOptions = {}): Promise<AuthorizationServerProcess> {
  const args = [PROGRAM, JSON.stringify(options)];
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
  const child = spawn(process.execPath, args, { cwd: PROJECT, stdio: [...stdio] });
  let printed = '';
  for (const output of [child.stdout, child.stderr]) {
    output?.on('data', (chunk) => {
      printed += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const started = await Promise.race([once(child, 'message'), ended]);
  if (!Array.isArray(started)) throw new Error(`the authorization server exited: ${printed}`);
  const [description] = started as [Description];

  const waiting = new Map<number, (result: unknown) => void>();
  child.on('message', ({ id, result }: { id: number; result: unknown }) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  let id = 0;
  const send = <Result>(command: string) =>
    new Promise<Result>((resolve) => {
      id += 1;
      waiting.set(id, resolve as (result: unknown) => void);
      child.send({ id, command });
    });
  return {
    ...description,
    async accessToken(application, scope) {
      const { status, body } = await postForm(description.tokenEndpoint, {
        form: { grant_type: 'client_credentials', ...(scope ? { scope } : {}) },
        headers: { authorization: basicAuthorization(description.clients[application]) },
        tls: { ca },
      });
      if (status !== 200) throw new Error(`the token endpoint responded ${status} ${body}`);
      return JSON.parse(body).access_token;
    },
    introspections: () => send('introspections'),
    rotateGatewaySecret: () => send('rotateGatewaySecret'),
    stop: () => send('stop'),
    start: () => send('start'),
    clock: (command) => send(command),
    printed: () => printed,
    close: () => {
      child.send({ id: 0, command: 'close' });
      return ended;
    },
    kill: () => child.kill('SIGKILL'),
  };
}

interface Description
  extends Omit<
    AuthorizationServer<ApplicationName>,
    'introspections' | 'rotateGatewaySecret' | 'running' | 'stop' | 'start' | 'close'
  > {
  readonly clients: Readonly<Record<ApplicationName, ClientCredentials>>;
}
