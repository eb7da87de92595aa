import { phantomToken, withPhantomToken } from 'phantom-token-authorizer/upstream';

/** A Lambda function behind the API, as somebody else would write it. */
const event = withPhantomToken({
  headers: { authorization: 'Bearer opaque' },
  requestContext: { authorizer: { authorization: 'Bearer a.b.c' } },
});
const token: string | undefined = phantomToken(event);
console.log(JSON.stringify({ token, headers: event.headers }));
