import { JwtVerifier } from 'aws-jwt-verify';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose';
import { type StubServer, startStubServer } from './stub-server';

/** Upstream API that verifies each phantom token with several libraries, by the published key set. */
export interface VerifyingUpstream {
  readonly server: StubServer;
  /** Ids of the keys that signed, in the order of their first use. */
  readonly keyIds: ReadonlySet<string>;
  /** Verifies from now on with the keys of this API. */
  trust(keySet: URL): void;
  /** Fetches the key set for the verifier that does so only once in a period. */
  readKeySet(): Promise<readonly string[]>;
}

interface Trust {
  readonly issuer: string;
  readonly audience: string;
}

export async function startVerifyingUpstream(expected: Trust): Promise<VerifyingUpstream> {
  const keyIds = new Set<string>();
  let keySetUrl = new URL('http://127.0.0.1:1');
  let verifiers: ((jwt: string) => Promise<unknown>)[] = [];
  let kept: ReturnType<typeof createLocalJWKSet>;
  const fetchKeySet = async () => (await fetch(keySetUrl)).arrayBuffer();

  const server = await startStubServer('/', async (response, { headers }) => {
    const jwt = String(headers.authorization).replace('Bearer ', '');
    try {
      for (const verify of verifiers) await verify(jwt);
      keyIds.add(String(decodeProtectedHeader(jwt).kid));
      response.writeHead(200).end();
    } catch (error) {
      response.writeHead(401).end((error as Error).name);
    }
  });
  // Phases of a test are further apart than the default of 5 s on a loaded machine.
  server.server.keepAliveTimeout = 60_000;

  return {
    server,
    keyIds,
    trust(keySet) {
      keySetUrl = keySet;
      const options = { ...expected, typ: 'at+jwt', algorithms: ['ES256'] };
      // Rotations are seconds apart here, and days elsewhere: no pause between two fetches.
      const remote = createRemoteJWKSet(keySet, { cooldownDuration: 0 });
      const jwksCache = new SimpleJwksCache({ fetcher: { fetch: fetchKeySet } });
      const ofAws = JwtVerifier.create({ ...expected, jwksUri: keySet.href }, { jwksCache });
      verifiers = [
        (jwt) => jwtVerify(jwt, remote, options),
        (jwt) => ofAws.verify(jwt),
        (jwt) => jwtVerify(jwt, kept, options),
      ];
    },
    async readKeySet() {
      const response = await fetch(keySetUrl);
      const keySet = (await response.json()) as JSONWebKeySet;
      kept = createLocalJWKSet(keySet);
      return keySet.keys.map(({ kid }) => String(kid));
    },
  };
}
