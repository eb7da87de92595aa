import { KeySetPath } from '../../lambda/contract';
import { assertProp } from '../validation/prop-error';

/** Public route of a document that a function serves. */
export interface DocumentRoute {
  readonly method: 'GET' | 'OPTIONS';
  readonly path: string;
}

/** Routes of the authorization server's metadata. */
export const METADATA_ROUTES = withPreflight(KeySetPath.metadata);

/** Returns the route of a document, and that of preflight requests for it. */
export function withPreflight(path: string): readonly DocumentRoute[] {
  return [
    { method: 'GET', path },
    { method: 'OPTIONS', path },
  ];
}

/**
 * Returns the routes of a key set and of the metadata of its issuer.
 *
 * @throws PropError if the API serves other metadata at the same path.
 */
export function keySetRoutes(servesForeignMetadata: boolean): readonly DocumentRoute[] {
  assertProp(
    'authorizationServerMetadata',
    servesForeignMetadata,
    'must be absent if a key set is published, whose issuer has its own metadata at this path',
    !servesForeignMetadata,
  );
  return Object.values(KeySetPath).map((path) => ({ method: 'GET', path }));
}
