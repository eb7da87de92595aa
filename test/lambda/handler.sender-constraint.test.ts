import { hash, X509Certificate } from 'node:crypto';
import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { type CertificateAuthority, createCertificateAuthority } from '../support/certificates';
import {
  type Deployment,
  type Handler,
  invoke,
  ownSettings,
  type RequestOptions,
  startDeployment,
} from '../support/deployment';
import { createProofKey, type ProofOptions, proofBy } from '../support/dpop';
import { faultWith } from '../support/faults';
import { awsError, startFaultyTable } from '../support/faulty-table';
import { captureOutput } from '../support/output';

const BASE = 'https://api.example.com/v1';
const KEY = createProofKey();
const ACCEPT = {
  TOKEN_SENDER_CONSTRAINT: 'accept',
  SCOPE_RULES: ownSettings({ publicUrls: [BASE] }, [[['read']], ['*']]),
};
const ALLOWED = { policyDocument: { Statement: [{ Effect: 'Allow' }] } };

let deployment: Deployment;
let output: ReturnType<typeof captureOutput>;

beforeAll(async () => {
  deployment = await startDeployment();
});
beforeEach(() => {
  output = captureOutput();
});
afterEach(async () => {
  output.stop();
  jest.restoreAllMocks();
  await deployment.emptyTable();
  expect(deployment.confidentialIn(output.text())).toEqual([]);
});
afterAll(() => deployment.close());

const boundToken = (claims = {}) => deployment.issue({ cnf: { jkt: KEY.thumbprint }, ...claims });

function proofFor(accessToken: string, options: Partial<ProofOptions> = {}): string {
  const iat = Math.floor(Date.now() / 1000);
  const proof = proofBy(KEY, { accessToken, htu: `${BASE}/orders/1`, iat, ...options });
  deployment.confidential.add(proof);
  return proof;
}

const dpop = (accessToken: string, ...proofs: string[]): RequestOptions => ({
  authorization: `DPoP ${accessToken}`,
  proofs,
});

/** Returns the reason of the denial that a request ends with. */
async function reasonOf(handle: Handler, options: RequestOptions): Promise<unknown> {
  await expect(invoke(handle, options)).rejects.toThrow(/^Unauthorized$/);
  return output.lines().at(-1)?.['reason'];
}

/** Returns the numbers of introspections and of items that an action adds. */
async function costsOf(act: () => Promise<unknown>) {
  const introspections = deployment.authorizationServer.requests.length;
  const items = (await deployment.items()).length;
  await act();
  return {
    introspections: deployment.authorizationServer.requests.length - introspections,
    items: (await deployment.items()).length - items,
  };
}

describe('a token that is bound to a DPoP key', () => {
  it('a token that is bound to a DPoP key is allowed with a proof, and forwarded as a bearer token', async () => {
    const { accessToken, jwt } = await boundToken();

    expect(
      await invoke(deployment.start(ACCEPT), dpop(accessToken, proofFor(accessToken))),
    ).toMatchObject({ ...ALLOWED, context: { authorization: `Bearer ${jwt}` } });
  });

  it('a token that is bound to a DPoP key costs one item for each proof, and no introspection, once it is in memory', async () => {
    const { accessToken } = await boundToken();
    const handle = deployment.start(ACCEPT);
    await invoke(handle, dpop(accessToken, proofFor(accessToken)));

    const costs = await costsOf(() => invoke(handle, dpop(accessToken, proofFor(accessToken))));

    expect(costs).toEqual({ introspections: 0, items: 1 });
  });

  it('a token that is bound to a DPoP key is allowed once when 20 environments and requests replay one proof at the same time', async () => {
    const { accessToken } = await boundToken();
    const handles = [1, 2, 3].map(() => deployment.start(ACCEPT));
    const request = dpop(accessToken, proofFor(accessToken));

    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        invoke(handles[index % handles.length] as Handler, request),
      ),
    );

    const denials = results.filter((it) => it.status === 'rejected');
    expect(denials).toHaveLength(19);
    for (const { reason } of denials) expect(reason).toEqual(new Error('Unauthorized'));
    const replays = output.lines().filter((it) => it['reason'] === 'dpop_proof_replayed');
    expect(replays).toHaveLength(19);
    expect(replays[0]).toMatchObject({ outcome: 'unauthorized', ReplayedProofs: 1 });
  });

  it('a token that is bound to a DPoP key can be used by another key with the same jti', async () => {
    const other = createProofKey();
    const [one, two] = [await boundToken(), await boundToken({ cnf: { jkt: other.thumbprint } })];
    const handle = deployment.start(ACCEPT);
    const claims = { jti: 'same' };
    const iat = Math.floor(Date.now() / 1000);
    const proof = { accessToken: two.accessToken, htu: `${BASE}/orders/1`, iat, claims };
    await invoke(handle, dpop(one.accessToken, proofFor(one.accessToken, { claims })));

    expect(await invoke(handle, dpop(two.accessToken, proofBy(other, proof)))).toMatchObject(
      ALLOWED,
    );
  });

  it('a token that is bound to a DPoP key fails with 503 while the table fails, and the proof works afterwards', async () => {
    const table = await startFaultyTable(deployment.tableUrl);
    const { accessToken } = await boundToken();
    const handle = deployment.start({ ...ACCEPT, AWS_ENDPOINT_URL_DYNAMODB: table.url });
    const request = dpop(accessToken, proofFor(accessToken));
    table.failWith(awsError('AccessDeniedException'));

    await expect(invoke(handle, request)).rejects.toEqual(faultWith('replay_guard_unavailable'));
    expect(output.lines().at(-1)).toMatchObject({
      level: 'ERROR',
      code: 'replay_guard_unavailable',
      advice: expect.stringContaining('table'),
    });
    table.failWith(() => 'forward');
    expect(await invoke(handle, request)).toMatchObject(ALLOWED);
    await table.close();
  });

  it('a token that is bound to a DPoP key is allowed when the response to the write of its proof got lost', async () => {
    const table = await startFaultyTable(deployment.tableUrl);
    const { accessToken } = await boundToken();
    const handle = deployment.start({ ...ACCEPT, AWS_ENDPOINT_URL_DYNAMODB: table.url });
    let isLost = false;
    table.failWith(async (_, response, input) => {
      if (isLost || !input.includes('dpop:')) return 'forward';
      isLost = true;
      const { host: _host, ...headers } = response.req.headers;
      const { 'content-length': _length, connection: _connection, ...rest } = headers;
      const sent = { method: 'POST', headers: rest as Record<string, string>, body: input };
      await fetch(deployment.tableUrl, sent);
      response.destroy();
      return undefined;
    });

    expect(await invoke(handle, dpop(accessToken, proofFor(accessToken)))).toMatchObject(ALLOWED);
    expect(isLost).toBe(true);
    await table.close();
  });

  it.each<[string, (accessToken: string) => RequestOptions, string]>([
    [
      'as a bearer token',
      (it) => ({ ...dpop(it, proofFor(it)), authorization: `Bearer ${it}` }),
      'credential_scheme_mismatch',
    ],
    ['without a proof', (it) => dpop(it), 'dpop_proof_missing'],
    ['with two proofs', (it) => dpop(it, proofFor(it), proofFor(it)), 'dpop_proof_invalid'],
    ['with the proof of another token', (it) => dpop(it, proofFor(`${it}x`)), 'dpop_proof_invalid'],
    [
      'with the proof of another URL',
      (it) => dpop(it, proofFor(it, { htu: `${BASE}/orders/2` })),
      'dpop_proof_invalid',
    ],
    [
      'with the proof of a URL that is not public',
      (it) => dpop(it, proofFor(it, { htu: 'https://api.example.com/prod/orders/1' })),
      'dpop_proof_invalid',
    ],
    [
      'with the proof of another method',
      (it) => ({ ...dpop(it, proofFor(it)), method: 'POST' }),
      'dpop_proof_invalid',
    ],
  ])(
    'a token that is bound to a DPoP key is denied %s, and no proof is stored',
    async (_, request, reason) => {
      const { accessToken } = await boundToken();
      const handle = deployment.start(ACCEPT);
      await invoke(handle, dpop(accessToken, proofFor(accessToken)));

      const costs = await costsOf(async () => {
        expect(await reasonOf(handle, request(accessToken))).toBe(reason);
      });

      expect(costs).toEqual({ introspections: 0, items: 0 });
    },
  );

  it('a token that is bound to a DPoP key is denied as inactive before its proof is looked at', async () => {
    const accessToken = deployment.unknownToken();
    await deployment.issue();

    expect(await reasonOf(deployment.start(ACCEPT), dpop(accessToken))).toBe('token_inactive');
  });

  it('a token that is bound to a DPoP key is forbidden with a proof where a scope is missing', async () => {
    const { accessToken } = await boundToken({ scope: 'write' });

    const result = await invoke(deployment.start(ACCEPT), dpop(accessToken, proofFor(accessToken)));

    expect((result as APIGatewayAuthorizerResult).policyDocument.Statement).toMatchObject([
      { Effect: 'Deny' },
    ]);
  });

  it.each([
    ['the response', { stated: { cnf: { jkt: KEY.thumbprint } } }, {}],
    ['the JWT', {}, { cnf: { jkt: KEY.thumbprint } }],
  ])(
    'a token that is bound to a DPoP key needs its proof where only %s has cnf',
    async (_, options, claims) => {
      const { accessToken } = await deployment.issue(claims, options);
      const environment = {
        ...ACCEPT,
        INTROSPECTION_ENDPOINT: new URL('/json', deployment.authorizationServer.url).href,
        INTROSPECTION_ACCEPT: 'application/json',
        INTROSPECTION_RESPONSE_MEMBER: 'phantom_token',
      };
      const handle = deployment.start(environment);

      const asBearer = { authorization: `Bearer ${accessToken}` };
      expect(await reasonOf(handle, asBearer)).toBe('credential_scheme_mismatch');
      expect(await invoke(handle, dpop(accessToken, proofFor(accessToken)))).toMatchObject(ALLOWED);
      // From the token cache, too.
      expect(await reasonOf(deployment.start(environment), asBearer)).toBe(
        'credential_scheme_mismatch',
      );
    },
  );

  it('a token that is bound to a DPoP key leaves nothing of itself, its proof and its key in the table', async () => {
    const { accessToken } = await boundToken();
    const claims = { jti: 'a-very-recognizable-id' };
    await invoke(
      deployment.start({ ...ACCEPT, CACHE_MAX_TTL_SECONDS: '0' }),
      dpop(accessToken, proofFor(accessToken, { claims })),
    );

    const [item, ...others] = await deployment.items();
    expect(others).toEqual([]);
    expect(Object.keys(item ?? {}).sort()).toEqual(['id', 'lease_id', 'ttl']);
    const text = JSON.stringify(item);
    for (const part of [accessToken, KEY.thumbprint, claims.jti]) expect(text).not.toContain(part);
  });

  it('a token that is bound to a DPoP key is denied where bound tokens are refused, and no code for them is loaded', async () => {
    const load = jest.fn(() => jest.requireActual('../../lambda/sender-verification'));
    jest.resetModules();
    jest.doMock('../../lambda/sender-verification', load);
    const { composeFunction } = require('../../lambda/composition');
    const { accessToken } = await boundToken();
    const handle = deployment.compose({}, composeFunction).handler;
    const request = dpop(accessToken, proofFor(accessToken));

    expect(await reasonOf(handle, request)).toBe('credential_malformed');
    expect(await reasonOf(handle, { authorization: `Bearer ${accessToken}` })).toBe(
      'token_sender_constrained',
    );
    expect(load).not.toHaveBeenCalled();
    deployment.compose(ACCEPT, composeFunction);
    expect(load).toHaveBeenCalled();
  });
});

describe('a token that is not bound', () => {
  it('a token that is not bound is allowed as a bearer token where bound ones are accepted', async () => {
    const { accessToken } = await deployment.issue();

    expect(
      await invoke(deployment.start(ACCEPT), { authorization: `Bearer ${accessToken}` }),
    ).toMatchObject(ALLOWED);
  });

  it('a token that is not bound is denied with the scheme DPoP', async () => {
    const { accessToken } = await deployment.issue();
    const request = dpop(accessToken, proofFor(accessToken));

    expect(await reasonOf(deployment.start(ACCEPT), request)).toBe('credential_scheme_mismatch');
  });

  it.each(['Bearer', 'DPoP'])(
    'a token that is not bound is denied as %s where bound ones are required',
    async (scheme) => {
      const { accessToken } = await deployment.issue();
      const handle = deployment.start({ ...ACCEPT, TOKEN_SENDER_CONSTRAINT: 'require' });

      expect(await reasonOf(handle, { authorization: `${scheme} ${accessToken}` })).toMatch(
        /^(token_not_sender_constrained|credential_scheme_mismatch)$/,
      );
    },
  );
});

describe('a token that is bound in a way that cannot be verified', () => {
  it.each([
    ['an unknown method', { cnf: { kid: 'x' } }],
    ['a known and an unknown method', { cnf: { jkt: KEY.thumbprint, kid: 'x' } }],
    ['an empty cnf', { cnf: {} }],
    ['a cnf that is null', { cnf: null }],
    ['a thumbprint that is a list', { cnf: { jkt: [KEY.thumbprint] } }],
    ['its type alone', { token_type: 'DPoP' }],
  ])(
    'a token that is bound in a way that cannot be verified is denied for %s',
    async (_, claims) => {
      const { accessToken } = await deployment.issue(claims as never);
      const handle = deployment.start(ACCEPT);

      for (const scheme of ['Bearer', 'DPoP']) {
        const authorization = `${scheme} ${accessToken}`;
        const request = { authorization, proofs: [proofFor(accessToken)] };
        expect(await reasonOf(handle, request)).toBe('token_sender_constrained');
      }
    },
  );
});

describe('a token that is bound to a client certificate', () => {
  let authority: CertificateAuthority;
  beforeAll(async () => {
    authority = await createCertificateAuthority();
  });
  const thumbprintOf = (pem: string) => hash('sha256', new X509Certificate(pem).raw, 'base64url');

  async function certificateToken(options?: { readonly expired: boolean }) {
    const { cert } = await authority.client('CN=shop', options);
    const issued = await deployment.issue({ cnf: { 'x5t#S256': thumbprintOf(cert) } });
    return { ...issued, certificate: cert, authorization: `Bearer ${issued.accessToken}` };
  }

  it('a token that is bound to a client certificate is allowed with that certificate, as a bearer token', async () => {
    const { authorization, certificate } = await certificateToken();

    expect(await invoke(deployment.start(ACCEPT), { authorization, certificate })).toMatchObject(
      ALLOWED,
    );
  });

  it('a token that is bound to a client certificate is denied without a certificate', async () => {
    const { authorization } = await certificateToken();

    expect(await reasonOf(deployment.start(ACCEPT), { authorization })).toBe(
      'client_certificate_missing',
    );
  });

  it('a token that is bound to a client certificate is denied with another certificate of the same subject', async () => {
    const { authorization } = await certificateToken();
    const { certificate } = await certificateToken();

    expect(await reasonOf(deployment.start(ACCEPT), { authorization, certificate })).toBe(
      'client_certificate_mismatch',
    );
  });

  it('a token that is bound to a client certificate is denied with an expired certificate', async () => {
    const { authorization, certificate } = await certificateToken({ expired: true });

    expect(await reasonOf(deployment.start(ACCEPT), { authorization, certificate })).toBe(
      'client_certificate_invalid',
    );
  });

  it.each(['', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'x'])(
    'a token that is bound to a client certificate is denied with the certificate %j',
    async (certificate) => {
      const { authorization } = await certificateToken();

      expect(await reasonOf(deployment.start(ACCEPT), { authorization, certificate })).toMatch(
        /^client_certificate_(missing|invalid)$/,
      );
    },
  );

  it('a token that is bound to a client certificate needs a proof too if it is also bound to a key', async () => {
    const { cert: certificate } = await authority.client('CN=shop');
    const cnf = { jkt: KEY.thumbprint, 'x5t#S256': thumbprintOf(certificate) };
    const { accessToken } = await deployment.issue({ cnf });
    const handle = deployment.start(ACCEPT);

    expect(await reasonOf(handle, { ...dpop(accessToken), certificate })).toBe(
      'dpop_proof_missing',
    );
    expect(await reasonOf(handle, dpop(accessToken, proofFor(accessToken)))).toBe(
      'client_certificate_missing',
    );
    const both = { ...dpop(accessToken, proofFor(accessToken)), certificate };
    expect(await invoke(handle, both)).toMatchObject(ALLOWED);
  });

  it('a token without cnf needs no client certificate, whatever certificate comes with it', async () => {
    const { accessToken } = await deployment.issue();
    const { certificate } = await certificateToken();

    expect(
      await invoke(deployment.start(ACCEPT), {
        authorization: `Bearer ${accessToken}`,
        certificate,
      }),
    ).toMatchObject(ALLOWED);
  });
});
