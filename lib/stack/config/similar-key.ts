/**
 * Returns the key that was probably meant by an unknown one: a key of the same object that is spelled
 * similarly, or a key of the same name in another object.
 *
 * @param unknown path of the unknown key
 * @param known paths of all keys
 */
export function similarKey(unknown: string, known: readonly string[]): string | undefined {
  const [parent, name] = splitPath(unknown);
  const candidates = known.filter((path) => path !== unknown);
  const siblings = candidates
    .filter((path) => splitPath(path)[0] === parent)
    .map((path) => ({ path, distance: distanceOf(name, splitPath(path)[1]) }))
    .filter(({ distance }) => distance <= name.length / 3)
    .sort((one, other) => one.distance - other.distance);
  return siblings[0]?.path ?? candidates.find((path) => splitPath(path)[1] === name);
}

function splitPath(path: string): [parent: string, name: string] {
  const dot = path.lastIndexOf('.');
  return [path.slice(0, Math.max(dot, 0)), path.slice(dot + 1)];
}

function distanceOf(name: string, candidate: string): number {
  const [one, other] = [name.toLowerCase(), candidate.toLowerCase()];
  // Names are often given without their unit: timeout for timeoutSeconds.
  if (one.length > 3 && other.startsWith(one)) return 1;
  return editDistance(one, other);
}

/** Returns how many characters must be inserted, deleted or replaced (Levenshtein distance). */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, character] of [...from].entries()) {
    const current = [row + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (character === to[column - 1] ? 0 : 1);
      const shifted = Math.min(previous[column] ?? 0, current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, shifted));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
