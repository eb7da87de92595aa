import { createDocumentHandler, keySetDocuments } from '../../../lambda/key-set/documents';

const KEYS = [{ kty: 'EC', kid: 'one' }];
const handler = (issuer = 'https://api.example.com') =>
  createDocumentHandler(keySetDocuments(async () => KEYS, issuer));

describe('the documents that publish the signing keys', () => {
  it.each([
    ['/.well-known/jwks.json', { keys: KEYS }],
    [
      '/.well-known/oauth-authorization-server',
      {
        issuer: 'https://api.example.com',
        jwks_uri: 'https://api.example.com/.well-known/jwks.json',
      },
    ],
  ])('%s can be cached for five minutes and read by browsers', async (resource, document) => {
    const { statusCode, headers, body } = await handler()({ resource });

    expect(JSON.parse(body)).toEqual(document);
    expect(statusCode).toBe(200);
    expect(headers).toEqual({
      'Content-Type': 'application/json',
      'Cache-Control': 'public, max-age=300',
      'Access-Control-Allow-Origin': '*',
    });
  });

  it('the metadata keeps an issuer that ends in a slash as it is, and doubles no slash', async () => {
    const { body } = await handler('https://api.example.com/base/')({
      resource: '/.well-known/oauth-authorization-server',
    });

    expect(JSON.parse(body)).toEqual({
      issuer: 'https://api.example.com/base/',
      jwks_uri: 'https://api.example.com/base/.well-known/jwks.json',
    });
  });

  it.each(['/.well-known/other', '', 'toString'])(
    'publication fails for the resource %j',
    async (resource) => {
      await expect(handler()({ resource })).rejects.toThrow('must be a published path');
    },
  );

  it('publication fails, so that nothing is cached, if the keys cannot be read', async () => {
    const broken = createDocumentHandler(
      keySetDocuments(async () => {
        throw new Error('unreachable');
      }, 'https://api.example.com'),
    );

    await expect(broken({ resource: '/.well-known/jwks.json' })).rejects.toThrow('unreachable');
    await expect(
      broken({ resource: '/.well-known/oauth-authorization-server' }),
    ).resolves.toMatchObject({ statusCode: 200 });
  });
});
