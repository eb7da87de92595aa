const PATTERN = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/;

/** Finds a JWT in a text. */
export function findJwt(text) {
  return PATTERN.exec(text)?.[0];
}

/** Returns the header and the claims of a JWT, which is not verified; `undefined` for another text. */
export function decodeJwt(jwt) {
  try {
    const [header, payload] = jwt.split('.').slice(0, 2).map(decodePart);
    return { header, payload };
  } catch {
    return undefined;
  }
}

function decodePart(part) {
  const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
