import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { readSigningKeys, type SigningKey } from '../../../lambda/core/signing-keys';
import type { AwsClient } from '../../../lambda/io/aws/client';
import { AwsError } from '../../../lambda/io/aws/errors';
import { createSigningKey } from '../../../lambda/rotation/key-pair';
import { PublishedKeySet } from '../../../lambda/rotation/published-key-set';
import { createRotation } from '../../../lambda/rotation/rotation';
import { SigningSecret } from '../../../lambda/rotation/signing-secret';
import { AwsApiError } from '../../../local/aws/aws-error';
import { SecretStore } from '../../../local/aws/secret-store';
import { propertyRuns } from '../../support/property-runs';
import { NOW } from '../../support/tokens';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:signing-AbCdEf';
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
const HOUR = 3600;
/** Longest time for which a token of a key is in use after the key became previous: lifetime and reread. */
const IN_USE_SECONDS = 48 * HOUR + 300;
/** Longest time for which an upstream API keeps a key set. */
const KEPT_SECONDS = 24 * HOUR;

/** Time passes in hours, a rotation gets on by steps (and is started if there is none), or an operator acts. */
type Operation =
  | { readonly hours: number }
  | { readonly steps: number }
  | 'replace keys'
  | 'remove label';

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ hours: fc.constantFrom(0, 0.5, 2, 30, 51, 100) }) },
  { weight: 4, arbitrary: fc.record({ steps: fc.constantFrom(1, 2, 4, 4, 4) }) },
  { weight: 1, arbitrary: fc.constantFrom<Operation>('replace keys', 'remove label') },
);

let keys: readonly SigningKey[];
beforeAll(async () => {
  keys = await Promise.all(Array.from({ length: 100 }, () => createSigningKey('ES256')));
});

/** Account with a signing secret, whose rotation gets on step by step. */
class Account {
  now = NOW;
  /** Key ids of the parameter. */
  published: readonly string[] = [];
  private readonly store = new SecretStore(() => undefined);
  private readonly rotation;
  private versionId: string | undefined;
  private nextStep = 0;
  private created = 0;

  constructor() {
    this.store.add(ARN, 'signing', '{}');
    let parameter = '';
    const systemsManager: AwsClient = async (_, input) => {
      const { Value = parameter } = input as { Value?: string };
      parameter = Value;
      this.published = JSON.parse(Value).keys.map(({ kid }: { kid: string }) => kid);
      return { Parameter: { Value } };
    };
    this.rotation = createRotation({
      secretArn: ARN,
      secret: new SigningSecret(async (name, input) => this.call(name, input), ARN),
      published: new PublishedKeySet(systemsManager, 'key-set'),
      createKey: async () => keys[this.created++ % keys.length] as SigningKey,
      now: () => this.now,
    });
  }

  /** Returns the id of the key that signs; `undefined` while there is none. */
  get signing(): string | undefined {
    const { SecretString } = this.call('GetSecretValue', {});
    return SecretString === '{}' ? undefined : readSigningKeys(String(SecretString)).current.keyId;
  }

  replaceKeys(): void {
    this.call('PutSecretValue', { SecretString: '{}' });
  }

  removeLabel(): void {
    const [pending] = this.pending();
    if (pending !== undefined) {
      const request = { VersionStage: 'AWSPENDING', RemoveFromVersionId: pending };
      this.call('UpdateSecretVersionStage', request);
    }
  }

  /** Runs the next step. Starts again after a failure, with the same version while it has its label. */
  async step(): Promise<void> {
    const pending = this.pending()[0];
    if (pending === undefined || pending !== this.versionId) {
      this.versionId = randomUUID();
      this.nextStep = 0;
      this.call('RotateSecret', { ClientRequestToken: this.versionId });
    }
    const Step = STEPS[this.nextStep] ?? STEPS[0];
    const ClientRequestToken = this.versionId ?? '';
    this.nextStep = await this.rotation({ Step, SecretId: ARN, ClientRequestToken }).then(
      () => (this.nextStep + 1) % STEPS.length,
      () => 0,
    );
  }

  private pending(): readonly string[] {
    const { VersionIdsToStages } = this.call('DescribeSecret', {});
    return Object.entries(VersionIdsToStages as Record<string, string[]>)
      .filter(([, labels]) => labels.includes('AWSPENDING'))
      .map(([id]) => id);
  }

  private call(name: string, input: object): Readonly<Record<string, unknown>> {
    try {
      return {
        ...this.store.perform(name, JSON.parse(JSON.stringify({ SecretId: ARN, ...input }))),
      };
    } catch (error) {
      if (!(error instanceof AwsApiError)) throw error;
      throw new AwsError(error.type, error.message, 400, Number.NaN, undefined);
    }
  }
}

/** Checker of the promises that upstream APIs rely on, whatever happens to a rotation. */
class Promises {
  /** Times at which keys were published first. */
  private readonly publishedAt = new Map<string, number>();
  /** Times at which keys signed last. */
  private readonly signedAt = new Map<string, number>();
  private readonly replaced = new Set<string>();
  /** True until a key has signed after all keys were replaced, or before there was one. */
  private isNew = true;

  constructor(private readonly account: Account) {}

  keysAreReplaced(): void {
    for (const id of [...this.publishedAt.keys(), ...this.signedAt.keys()]) this.replaced.add(id);
    this.isNew = true;
  }

  check(): void {
    const { now, published, signing } = this.account;
    for (const id of published) {
      if (!this.publishedAt.has(id)) this.publishedAt.set(id, now);
    }
    if (signing !== undefined) {
      assert(!this.replaced.has(signing), `the replaced key ${signing} signs`);
      if (!this.signedAt.has(signing) && !this.isNew) {
        // Upstream APIs know a key before it signs.
        const known = now - (this.publishedAt.get(signing) ?? now);
        assert(known > KEPT_SECONDS, `key ${signing} signs, known for ${known} s`);
      }
      this.isNew = false;
      this.signedAt.set(signing, now);
    }
    const inUse = [...this.signedAt].filter(
      ([id, time]) => now - time < IN_USE_SECONDS && !this.replaced.has(id),
    );
    const missing = inUse.filter(([id]) => !published.includes(id));
    assert(missing.length === 0, `keys in use that are not published: ${missing}`);
  }
}

it('every token in use has a published key, and every key is known before it signs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 5, maxLength: 30, size: 'max' }),
      async (operations) => {
        const account = new Account();
        const promises = new Promises(account);
        for (const next of operations) {
          if (next === 'remove label') account.removeLabel();
          else if (next === 'replace keys') {
            account.replaceKeys();
            promises.keysAreReplaced();
          } else if ('hours' in next) {
            account.now += next.hours * HOUR;
          } else {
            for (let step = 0; step < next.steps; step++) {
              await account.step();
              promises.check();
            }
          }
          promises.check();
        }
      },
    ),
    { numRuns: propertyRuns(30) },
  );
});
