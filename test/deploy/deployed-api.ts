import assert from 'node:assert/strict';
import type { Account } from './account';
import type { Outputs } from './cdk';
import type { Observed, Parties } from './parties';
import type { Report } from './report';

export type ApiType = 'REST' | 'HTTP';

/** Expected effects of a request. */
interface Expected {
  /** Expected status. Absent if it is not checked, or checked later. */
  readonly status?: number;
  readonly introspections?: number;
  /** Flag that the request reaches the upstream API. */
  readonly upstream: boolean;
}

/** API of a deployed stack, with the limitations of the emulator that serves it. */
export interface DeployedApi {
  /** Calls the API. Rejects unless the effects are as expected. */
  call(path: string, token: string | undefined, expected: Expected): Promise<Observed>;
  /** Throws unless a 401 has the challenge. Notes if the emulator sends none. */
  assertChallenge(observed: Observed): void;
  /** Rejects unless the upstream API received the phantom token alone. Notes if the emulator cannot map it. */
  assertForwarded(observed: Observed, token: string): Promise<void>;
  /** Throws unless the response is that for a bad token. */
  assertDenied(observed: Observed): void;
  /** Returns the status of a fault. */
  faultStatus(): number;
}

/** Mapping of the phantom token from the authorizer context to the upstream API. */
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
      else report.note('gateway responses: the emulator ignores them');
    },
    async assertForwarded({ received = {} }, token) {
      const { header, mapping, value } = FORWARDING[type];
      const mappings = await account.integrationMappings(type, id);
      assert.ok(mappings.length > 0);
      for (const integration of mappings) assert.equal(integration[mapping], value);
      // Without the mapping the upstream receives the client's header, or none.
      if (received[header] === (type === 'REST' ? `Bearer ${token}` : undefined)) {
        report.note(`${mapping} = ${value} (${type} API): deployed, but ignored by the emulator`);
      } else assert.equal(await parties.subjectOf(received, header), 'orders-app');
    },
    assertDenied({ status }) {
      if (type === 'HTTP' && status === 500) {
        report.note(
          '401 of HTTP APIs for an authorizer that fails with "Unauthorized": the emulator responds 500, AWS documents neither',
        );
      } else assert.equal(status, 401);
    },
    faultStatus: () => (gatewayResponses ? 503 : 500),
  };
}

/** Returns the emulator's URL for `https://ID.execute-api.REGION.amazonaws.com/STAGE/`. */
export function invocationUrl(endpoint: URL, apiUrl: string): { id: string; base: URL } {
  assert.match(apiUrl, /^https:\/\/\w+\.execute-api\.[\w-]+\.amazonaws\.com\/(\w+\/)?$/);
  const { hostname, pathname } = new URL(apiUrl);
  const [id = ''] = hostname.split('.');
  const stage = pathname === '/' ? '$default' : pathname.slice(1, -1);
  return { id, base: new URL(`/restapis/${id}/${stage}/_user_request_/`, endpoint) };
}
