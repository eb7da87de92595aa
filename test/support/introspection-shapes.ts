import { NOW } from './tokens';

/** Introspection response of a server about an access token, as it was recorded in November 2026. */
interface Shape {
  readonly server: string;
  readonly response: Readonly<Record<string, unknown>>;
  /** Subject of the phantom token that is minted for it. */
  readonly sub: string;
  /** Scopes of that phantom token. */
  readonly scope?: string;
  /** Marks a server whose responses have no `token_type`. */
  readonly untyped?: true;
}

const active = { active: true, exp: NOW + 3600, iat: NOW - 5 };

/** Responses about access tokens. `U` is a token of a user, `M` one of a client. */
export const ACCESS_TOKENS: readonly Shape[] = [
  {
    server: 'Ory Hydra, U',
    response: {
      ...active,
      ...{
        scope: 'read',
        client_id: 'web',
        sub: 'alice',
        aud: [],
        iss: 'https://hydra.example.com',
      },
      ...{ nbf: NOW - 5, token_type: 'Bearer', token_use: 'access_token' },
      ext: { tenant: 'blue', roles: ['admin'] },
    },
    sub: 'alice',
    scope: 'read',
  },
  {
    server: 'Ory Hydra, M',
    response: {
      ...active,
      ...{ client_id: 'job', sub: 'job', aud: ['orders'], iss: 'https://hydra.example.com' },
      ...{ nbf: NOW - 5, token_type: 'Bearer', token_use: 'access_token', scope: 'read' },
    },
    sub: 'job',
    scope: 'read',
  },
  {
    server: 'Spring Authorization Server, U',
    response: {
      ...active,
      ...{ sub: 'alice', aud: ['web'], nbf: NOW - 5, scope: 'openid read', client_id: 'web' },
      ...{ iss: 'https://spring.example.com', jti: '7f1b', token_type: 'Bearer' },
      address: { country: 'DE' },
    },
    sub: 'alice',
    scope: 'openid read',
  },
  {
    server: 'oidc-provider, M',
    response: {
      ...active,
      ...{ client_id: 'job', scope: 'read', iss: 'https://op.example.com', token_type: 'Bearer' },
    },
    sub: 'job',
    scope: 'read',
  },
  {
    server: 'django-oauth-toolkit, U',
    response: { active: true, scope: 'read', exp: NOW + 3600, client_id: 'web', username: 'alice' },
    sub: 'web',
    scope: 'read',
    untyped: true,
  },
  {
    server: 'django-oauth-toolkit, M',
    response: { active: true, scope: 'read', exp: NOW + 3600, client_id: 'job' },
    sub: 'job',
    scope: 'read',
    untyped: true,
  },
  {
    server: 'LemonLDAP::NG, U',
    response: {
      ...{ active: true, client_id: 'web', exp: NOW + 3600, iss: 'https://auth.example.com/' },
      ...{ scope: 'openid read', sub: 'alice' },
    },
    sub: 'alice',
    scope: 'openid read',
    untyped: true,
  },
  {
    server: 'Glewlwyd, U',
    response: {
      ...active,
      ...{ username: 'alice', token_type: 'bearer', client_id: 'web', aud: 'read', scope: 'read' },
      ...{ nbf: NOW - 5, sub: 'Gk7f', jti: 'Zx1' },
    },
    sub: 'Gk7f',
    scope: 'read',
  },
  {
    server: 'Canaille, U',
    response: {
      ...{ active: true, client_id: 'web', token_type: 'Bearer', username: 'Alice Doe' },
      ...{ scope: '', sub: 'alice', aud: ['web'], iss: 'https://canaille.example.com' },
      ...{ exp: NOW + 3600.995683, iat: NOW - 5.1 },
    },
    sub: 'alice',
  },
  {
    server: 'Keycloak, U',
    response: {
      ...active,
      ...{ jti: 'onltro:1', iss: 'https://kc.example.com/realms/shop', aud: ['api', 'account'] },
      ...{ sub: '8f2e', typ: 'Bearer', azp: 'web', sid: 's1', scope: 'email read' },
      ...{ realm_access: { roles: ['user'] }, username: 'alice', client_id: 'web' },
      token_type: 'Bearer',
    },
    sub: '8f2e',
    scope: 'email read',
  },
];

/** Responses about access tokens as they are documented. */
export const DOCUMENTED_ACCESS_TOKENS: readonly Shape[] = [
  {
    server: 'Duende IdentityServer, M',
    response: {
      ...{ iss: 'https://localhost:5001', nbf: NOW - 5, iat: NOW - 5, exp: NOW + 3600 },
      ...{ client_id: 'client', jti: '44FD', scope: 'api1', token_type: 'access_token' },
      active: true,
    },
    sub: 'client',
    scope: 'api1',
  },
  {
    server: 'PingFederate, M',
    response: { active: true, client_id: 'job', scope: 'read', exp: NOW + 3600 },
    sub: 'job',
    scope: 'read',
    untyped: true,
  },
];

/** Responses about other tokens that these servers call active. */
export const OTHER_TOKENS: readonly Pick<Shape, 'server' | 'response'>[] = [
  {
    server: 'Ory Hydra, refresh token',
    response: {
      ...active,
      ...{ client_id: 'web', sub: 'alice', token_type: 'Bearer', token_use: 'refresh_token' },
    },
  },
  { server: 'Spring, refresh token', response: { ...active, client_id: 'web' } },
  { server: 'Spring, authorization code', response: { ...active, client_id: 'web' } },
  {
    server: 'Spring, ID token',
    response: {
      ...active,
      ...{ sub: 'alice', aud: ['web'], azp: 'web', sid: 's1', client_id: 'web' },
      ...{ iss: 'https://spring.example.com', auth_time: '2026-11-27T10:00:00Z' },
    },
  },
  {
    server: 'oidc-provider, refresh token',
    response: { ...active, client_id: 'web', sub: 'alice', scope: 'read' },
  },
  {
    server: 'Glewlwyd, refresh token',
    response: { ...active, client_id: 'web', sub: 'Gk7f', token_type: 'refresh_token' },
  },
  {
    server: 'Keycloak 26.5, refresh token',
    response: { ...active, sub: '8f2e', client_id: 'web', typ: 'Refresh', token_type: 'Refresh' },
  },
];
