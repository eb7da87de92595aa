import { phantomToken, withPhantomToken } from 'phantom-token-authorizer/upstream';

/** Lambda function of a user, behind the API. */
const event = withPhantomToken({
  headers: { authorization: 'Bearer opaque' },
  requestContext: { authorizer: { authorization: 'Bearer a.b.c' } },
});
const token: string | undefined = phantomToken(event);
console.log(JSON.stringify({ token, headers: event.headers }));
