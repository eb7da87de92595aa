export const ISSUER = 'https://login.example.com/~';
export const AUDIENCE = 'api.example.com';
