import { invocation } from '../../terminal/invocation';
import { IS_PACKED } from '../../terminal/project';
import { WIDTH } from '../../terminal/wrap';
import type { ApplicationName } from '../authorization-server/applications';
import type { Sandbox } from '../stack/sandbox';
import { boundTokenCalls } from './bound-token-instructions';
import { TOKEN_ENDPOINT } from './development';
import { type ExampleRequest, exampleRequests } from './example-requests';
import { mcpInstructions } from './mcp-instructions';

type Row = readonly [name: string, value: string];

/** Returns the URLs of a sandbox, and commands to copy, within 80 columns as far as they can be broken. */
export function instructions(sandbox: Sandbox, inspector: URL): string {
  const { apis } = sandbox.stack;
  const requests = apis.flatMap(({ url, routes }) => exampleRequests(url, routes));
  const main = mainRequest(requests);
  const others = requests.filter((request) => request !== main);
  const bound = main && boundTokenCalls(sandbox, main.url);
  const mcp = mcpInstructions(sandbox);
  const sections = [
    parties(sandbox, inspector),
    ...(mcp ? [mcp] : []),
    ...(main ? [calls(sandbox, main)] : []),
    ...(bound ? [bound] : []),
    ...(others.length > 0 ? [`Other routes:\n\n${others.map(curl).join('\n')}`] : []),
    rehearsal(sandbox),
    'Standard error shows each request. Ctrl-C stops all servers.',
  ];
  return `\n${sections.join('\n\n')}\n`;
}

/** Returns the protected request that the explanations show, of an order if there is one. */
function mainRequest(requests: readonly ExampleRequest[]): ExampleRequest | undefined {
  const candidates = requests.filter(({ method, isProtected }) => isProtected && method === 'GET');
  return candidates.find(({ url }) => url.endsWith('/orders/42')) ?? candidates[0];
}

function parties(
  { authorizationServer, upstream, stack, keySet }: Sandbox,
  inspector: URL,
): string {
  const { apis, mutualTls } = stack;
  return table([
    ...apis.map(
      ({ name, url }): Row => [apis.length > 1 ? name : 'API (the local gateway)', url.origin],
    ),
    ...(mutualTls?.endpoints ?? []).map(
      ({ domainName, url }): Row => [`${domainName} (mutual TLS)`, url.href],
    ),
    ['inspector (a page)', inspector.href],
    ['authorization server', authorizationServer.issuer],
    ['upstream API (sample)', upstream.url.origin],
    ...(keySet ? [['keys of minted tokens', keySet.href] as const] : []),
  ]);
}

function calls({ authorizationServer }: Sandbox, main: ExampleRequest): string {
  const { tokenEndpoint } = authorizationServer;
  const withToken = (application: ApplicationName, scope: string) =>
    `${tokenCommand(tokenEndpoint, application, scope)}\n${curl(main)}`;
  return `Without a token, 401:

${curl({ ...main, isProtected: false })}

With an opaque access token, which the upstream API receives as a JWT:

${withToken('orders-app', 'read')}

With a token that lacks the scope "read", 403:

${withToken('reports-app', 'reports')}

With a token that expires after three seconds:

${withToken('impatient-app', 'read')}`;
}

function tokenCommand(endpoint: string, application: ApplicationName, scope: string): string {
  const other = endpoint === TOKEN_ENDPOINT ? '' : ` \\\n    --endpoint ${endpoint}`;
  return `  TOKEN=$(${invocation('token', `${application} ${scope}`)}${other})`;
}

function curl({ method, url, isProtected }: ExampleRequest): string {
  const options = [
    '-i',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...(isProtected ? ['-H "Authorization: Bearer $TOKEN"'] : []),
  ].join(' ');
  const line = `  curl ${options} ${url}`;
  return line.length <= WIDTH ? line : `  curl ${options} \\\n    ${url}`;
}

/** Runbook, which the package does not have. */
const RUNBOOK = IS_PACKED ? 'the operation of a deployment' : 'docs/operations.md';

/** Returns what the AWS CLI needs for the commands of the runbook, with the names that a deployment prints. */
function rehearsal({ stack }: Sandbox): string {
  const { awsEndpoint, region } = stack;
  return `To try the commands of ${RUNBOOK} with the AWS CLI, in another terminal:

  export AWS_ENDPOINT_URL=${awsEndpoint?.origin} AWS_DEFAULT_REGION=${region}
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local

${table(deployedNames(stack))}`;
}

/** Returns the outputs of the stack, and what the runbook takes besides them, by the names of a deployment. */
function deployedNames({ apis, outputs, credentialsSecrets }: Sandbox['stack']): readonly Row[] {
  const printed = Object.entries(outputs()).filter(([, value]) => !value.includes('://'));
  const functions = apis
    .flatMap(({ routes }) => routes.flatMap(({ authorizer }) => authorizer ?? []))
    .map((name): Row => ['AuthorizerFunctionName', name.split(':')[0] ?? name]);
  const secrets = credentialsSecrets.map((arn): Row => ['CredentialsSecretArn', arn]);
  const byValue = new Map<string, Row>();
  for (const row of [...printed, ...secrets, ...functions]) {
    if (!byValue.has(row[1])) byValue.set(row[1], row);
  }
  return [...byValue.values()];
}

/** Returns names with values. A value that does not fit beside its name is on a line of its own. */
function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows
    .map(([name, value]) => {
      const line = `  ${name.padEnd(width)}${value}`;
      return line.length <= WIDTH ? line : `  ${name}\n    ${value}`;
    })
    .join('\n');
}
