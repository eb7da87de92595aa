import { supportedScopes } from '../../../lib/scopes/route-scopes';

it('returns every scope of the API and its routes once', () => {
  const routes = [
    { method: 'GET', path: '/a', scopes: ['x', 'y'] },
    { method: 'GET', path: '/b', scopes: [['x'], ['x', 'z']] },
    { method: 'GET', path: '/c', public: true },
  ];

  expect(supportedScopes(['read'], routes)).toEqual(['read', 'x', 'y', 'z']);
});
