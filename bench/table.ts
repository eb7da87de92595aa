/** Name of the token cache's table. */
export const TABLE = 'tokens';
