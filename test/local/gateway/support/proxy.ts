import type http from 'node:http';
import { serve, startUpstream } from './servers';
import { apiTemplate, declaresProxy, method, proxyTo, resource } from './template';

/** `ANY /{proxy+}` to an upstream, open to all unless `more` says otherwise. */
export async function serveProxy(
  answer?: (response: http.ServerResponse) => void,
  mappings: Record<string, string> = {},
  { integration = {}, more = {}, extra = {}, options = {} } = {},
) {
  const upstream = await startUpstream(answer);
  const template = apiTemplate({
    Proxy: resource('{proxy+}'),
    ProxyAny: method('Proxy', 'ANY', proxyTo(upstream.url, mappings, integration), {
      ...declaresProxy,
      ...more,
    }),
    ...extra,
  });
  return { ...(await serve({ template, ...options })), seen: upstream.seen };
}
