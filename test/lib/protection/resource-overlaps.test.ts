import { missingRoutes } from '../../../lib/protection/resource-overlaps';

test.each<[string, string, string[], string[]]>([
  ['ANY /{proxy+}', '/a', [], ['ANY /a', 'ANY /a/{proxy+}']],
  ['ANY /{proxy+}', '/a', ['ANY /a'], ['ANY /a/{proxy+}']],
  ['ANY /{proxy+}', '/a', ['ANY /a', 'ANY /a/{x+}'], []],
  ['$default', '/a', ['ANY /a'], ['ANY /a/{proxy+}']],
  // A method that only the broader route has.
  ['ANY /{proxy+}', '/a', ['POST /a', 'ANY /a/{x+}'], ['ANY /a']],
  ['POST /{proxy+}', '/a', ['POST /a', 'ANY /a/{x+}'], []],
  ['GET /{proxy+}', '/a', ['POST /a', 'ANY /a/{x+}'], ['GET /a']],
  // A variable in place of a greedy one, next to which a REST API takes none.
  ['ANY /{proxy+}', '/a', ['ANY /a', 'ANY /a/{id}'], ['ANY /a/{id}/{proxy+}']],
  ['ANY /{proxy+}', '/a', ['ANY /a', 'ANY /a/{id}', 'ANY /a/{id}/{rest+}'], []],
  ['ANY /{proxy+}', '/a', ['ANY /a', 'ANY /a/{id}/{rest+}'], ['ANY /a/{id}']],
  // Variables match one segment.
  ['GET /{id}', '/a', [], ['GET /a']],
  ['GET /{id}', '/a/b', [], []],
  ['GET /{id}', '/a', ['GET /a'], []],
  ['GET /x/{id}/c', '/x/b', [], ['GET /x/b/c']],
  ['GET /x/{id}/c', '/x/b', ['ANY /x/b/{id}'], []],
  ['GET /x/{id}/{sub}', '/x/b', ['ANY /x/b/c'], ['GET /x/b/{sub}']],
  ['GET /x/{id}/{sub+}', '/x/b', ['ANY /x/b'], ['GET /x/b/{sub+}']],
  // An HTTP API prefers the route without a greedy variable.
  ['GET /{id}/c', '/a', ['GET /a/{proxy+}'], ['GET /a/c']],
  // Routes of the resource itself, of one below it, and of paths that only look alike.
  ['ANY /a/{proxy+}', '/a', [], []],
  ['ANY /a/b/{proxy+}', '/a', [], []],
  ['ANY /ab/{proxy+}', '/a', [], []],
  ['ANY /{proxy+}', '', [], []],
  ['ANY /{proxy+}', '/a', ['ANY /ab', 'ANY /ab/{x+}'], ['ANY /a', 'ANY /a/{proxy+}']],
])(
  'the broader route %s, resource %s and its routes %j lack %j',
  (route, path, declared, missing) => {
    expect(missingRoutes(route, path, [route, ...declared])).toEqual(missing);
  },
);
