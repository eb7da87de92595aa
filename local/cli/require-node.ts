/**
 * Imported first, so that an old Node.js ends with a sentence instead of a syntax error from a package.
 * @see package.json `engines`
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node.js ${process.versions.node} is too old: install 20.19 or newer.`);
  process.exit(1);
}
