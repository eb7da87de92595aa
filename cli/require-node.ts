/**
 * Minimum Node.js version, as in `engines` of package.json. Commands import this module first, so that an
 * older Node.js fails with a message instead of a syntax error in a package.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node.js must be 20.19 or newer, got: ${process.versions.node}`);
  process.exit(1);
}
