/**
 * Signs a user in at the embedded authorization server and consents, as a browser does with its pages.
 *
 * @param authorizationUrl URL that the client opens in the browser
 * @returns the URL of the client to which the authorization server redirects
 */
export async function signIn(authorizationUrl: URL, user: string): Promise<URL> {
  const cookies = new Map<string, string>();
  const follow = async (url: URL, form?: Record<string, string>): Promise<URL> => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((cookie) => cookie.join('=')).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) return submit(url, await response.text());
    const next = new URL(location, url);
    return next.origin === authorizationUrl.origin ? follow(next) : next;
  };
  /** Submits the form of a page: the login form, or the consent form. */
  const submit = (url: URL, page: string): Promise<URL> => {
    const [, action] = /<form[^>]* action="([^"]+)"/.exec(page) ?? [];
    const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
    if (action === undefined || prompt === undefined) throw new Error(`no form: ${page}`);
    return follow(new URL(action, url), { prompt, login: user, password: 'any' });
  };
  return follow(authorizationUrl);
}
