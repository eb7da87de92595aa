import assert from 'node:assert/strict';
import type { Account } from './account';
import type { Outputs } from './cdk';
import type { Observed, Parties } from './parties';
import type { Report } from './report';

export type ApiType = 'REST' | 'HTTP';

/** What a request should do. */
interface Expected {
  /** Absent where it does not matter, or is told apart later. */
  readonly status?: number;
  readonly introspections?: number;
  /** Whether it reaches the upstream API. */
  readonly upstream: boolean;
}

/** The API of a deployed stack, with what is known of the emulator that serves it. */
export interface DeployedApi {
  /** Calls it, and rejects unless that does what it should. */
  call(path: string, token: string | undefined, expected: Expected): Promise<Observed>;
  /** Rejects unless 401s carry the challenge. Notes where the emulator sends none. */
  assertChallenge(observed: Observed): void;
  /** Rejects unless the upstream API got the phantom token alone. Notes where the emulator cannot. */
  assertForwarded(observed: Observed, token: string): Promise<void>;
  /** Rejects unless that is how a bad token is answered. */
  assertDenied(observed: Observed): void;
  /** The status of a fault. */
  faultStatus(): number;
}

/** How the phantom token gets from the authorizer context to the upstream API. */
const FORWARDING = {
  REST: {
    header: 'authorization',
    mapping: 'integration.request.header.Authorization',
    value: 'context.authorizer.authorization',
  },
  HTTP: {
    header: 'x-phantom-token',
    mapping: 'overwrite:header.x-phantom-token',
    value: '$context.authorizer.jwt',
  },
} as const;

interface Options {
  readonly type: ApiType;
  readonly endpoint: URL;
  readonly outputs: Outputs;
  readonly account: Account;
  readonly parties: Parties;
  readonly report: Report;
}

export function deployedApi(options: Options): DeployedApi {
  const { type, endpoint, outputs, account, parties, report } = options;
  const { id, base } = invocationUrl(endpoint, outputs['ApiUrl'] ?? '');
  // HTTP APIs have no gateway responses.
  let gatewayResponses = type === 'REST';

  return {
    async call(path, token, expected) {
      const observed = await parties.call(new URL(path, base), token);
      const { status, introspections, received } = observed;
      const seen = { status, introspections, upstream: received !== undefined };
      assert.deepEqual(seen, { status, introspections, ...expected });
      return observed;
    },
    assertChallenge({ challenge }) {
      if (type === 'HTTP') return;
      gatewayResponses = challenge !== null;
      if (gatewayResponses) assert.equal(challenge, 'Bearer realm="deployed", scope="read"');
      else report.note('gateway responses: the emulator answers without them');
    },
    async assertForwarded({ received = {} }, token) {
      const { header, mapping, value } = FORWARDING[type];
      const mappings = await account.integrationMappings(type, id);
      assert.ok(mappings.length > 0);
      for (const integration of mappings) assert.equal(integration[mapping], value);
      // As if there were no mapping: the client's own header, or none.
      if (received[header] === (type === 'REST' ? `Bearer ${token}` : undefined)) {
        report.note(
          `${mapping} = ${value} (${type} API): deployed, but the emulator does not do it`,
        );
      } else assert.equal(await parties.subjectOf(received, header), 'orders-app');
    },
    assertDenied({ status }) {
      if (type === 'HTTP' && status === 500) {
        report.note(
          '401 of HTTP APIs for an authorizer that fails with "Unauthorized": the emulator answers 500, AWS documents neither',
        );
      } else assert.equal(status, 401);
    },
    faultStatus: () => (gatewayResponses ? 503 : 500),
  };
}

/** Where the emulator serves what AWS would serve at `https://ID.execute-api.REGION.amazonaws.com/STAGE/`. */
function invocationUrl(endpoint: URL, apiUrl: string): { id: string; base: URL } {
  assert.match(apiUrl, /^https:\/\/\w+\.execute-api\.[\w-]+\.amazonaws\.com\/(\w+\/)?$/);
  const { hostname, pathname } = new URL(apiUrl);
  const [id = ''] = hostname.split('.');
  const stage = pathname === '/' ? '$default' : pathname.slice(1, -1);
  return { id, base: new URL(`/restapis/${id}/${stage}/_user_request_/`, endpoint) };
}
