import { type ServedConfig, serveConfig } from '../support/served-config';

let local: ServedConfig | undefined;
afterEach(() => local?.close());

describe('config with all operations keys', () => {
  it.each([
    ['REST', 503],
    ['HTTP', 500],
  ])('local mode serves a %s API with all operations keys', async (type, unavailable) => {
    local = await serveConfig({
      secret: { client_id: 'gateway', client_secret: 'secret' },
      config: {
        // No server listens on the port.
        introspection: { endpoint: 'http://127.0.0.1:1/introspect' },
        token: { audience: 'api' },
        api: { type, upstream: 'http://127.0.0.1:1' },
        operations: {
          memoryMegabytes: 1024,
          reservedConcurrency: 10,
          provisionedConcurrency: { min: 1, max: 10 },
          vpc: { vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'] },
          alarmTopicArn: 'arn:aws:sns:us-east-1:000000000000:alarms',
          dashboard: true,
        },
      },
    });

    const denied = await fetch(local.url);
    const failed = await fetch(local.url, { headers: { authorization: 'Bearer opaque' } });

    expect([denied.status, failed.status]).toEqual([401, unavailable]);
  });
});
