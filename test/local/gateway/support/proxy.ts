import type http from 'node:http';
import { serve, startUpstream } from './servers';
import { apiTemplate, declaresProxy, method, proxyTo, resource } from './template';

/** Serves `ANY /{proxy+}` of a REST API, which is public unless `more` adds an authorizer. */
export async function serveProxy(
  respond?: (response: http.ServerResponse) => void,
  mappings: Record<string, string> = {},
  { integration = {}, more = {}, extra = {}, options = {} } = {},
) {
  const upstream = await startUpstream(respond);
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
