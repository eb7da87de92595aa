import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type {
  AuthorizationServer,
  AuthorizationServerOptions,
} from '../../local/authorization-server/authorization-server';
import type { ClientCredentials } from '../../local/authorization-server/client';
import { basicAuthorization, postForm } from './post-form';

const PROJECT = join(__dirname, '..', '..');

/** Applications registered unless others are given. The tokens of `brief` live two seconds. */
type ApplicationName = 'shop' | 'brief';

type Clock = 'freeze the clock' | 'one second later' | 'thaw the clock';

/** What tests see of an embedded authorization server that runs in a process of its own. */
export interface AuthorizationServerProcess
  extends Omit<AuthorizationServer<ApplicationName>, 'introspections' | 'close'> {
  /** Gets an opaque access token, as the application itself does. */
  accessToken(application: ApplicationName, scope?: string): Promise<string>;
  /** How many introspection requests arrived, refused ones included. */
  introspections(): Promise<number>;
  /** Stops its clock, moves it, or lets it go on. */
  clock(command: Clock): Promise<void>;
  /** Whatever it printed so far. */
  printed(): string;
  /** Ends it. Resolves with its exit code when nothing keeps its process alive any more. */
  close(): Promise<number | null>;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
}

/** Options of the embedded authorization server, as far as they can be told to another process. */
export type AuthorizationServerProcessOptions = Partial<
  Omit<AuthorizationServerOptions<ApplicationName>, 'log'>
> & {
  /** PEM of the authority that issued its certificate, for `accessToken`. Default: none. */
  readonly ca?: string;
};

/**
 * Starts the embedded authorization server with these options.
 *
 * @throws Error with what it printed, when it does not start.
 */
export async function startAuthorizationServerProcess({
  ca,
  ...options
}: AuthorizationServerProcessOptions = {}): Promise<AuthorizationServerProcess> {
  const entry = require.resolve('./authorization-server-process.ts');
  const args = ['--import', 'tsx', entry, JSON.stringify(options)];
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
  if (!Array.isArray(started)) throw new Error(`the authorization server ended: ${printed}`);
  const [description] = started as [Description];

  const waiting = new Map<number, (answer: unknown) => void>();
  child.on('message', ({ id, answer }: { id: number; answer: unknown }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  let id = 0;
  const tell = <Answer>(command: string) =>
    new Promise<Answer>((resolve) => {
      id += 1;
      waiting.set(id, resolve as (answer: unknown) => void);
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
      if (status !== 200) throw new Error(`the token endpoint answered ${status} ${body}`);
      return JSON.parse(body).access_token;
    },
    introspections: () => tell('introspections'),
    stop: () => tell('stop'),
    start: () => tell('start'),
    clock: (command) => tell(command),
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
    'introspections' | 'stop' | 'start' | 'close'
  > {
  readonly clients: Readonly<Record<ApplicationName, ClientCredentials>>;
}
