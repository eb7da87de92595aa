import { scopesOfAnyRoute } from '../../../lib/scopes/route-scopes';

it('the scopes that the metadata names are all that mean something', () => {
  const routes = [
    { method: 'GET', path: '/a', scopes: ['x', 'y'] },
    { method: 'GET', path: '/b', scopes: [['x'], ['x', 'z']] },
    { method: 'GET', path: '/c', public: true },
  ];

  expect(scopesOfAnyRoute(['read'], routes)).toEqual(['read', 'x', 'y', 'z']);
});
