/** Velocity directives that the preflight methods of CDK use. */
const DIRECTIVES = ['set', 'if', 'elseif', 'else', 'end'];

const REQUEST_HEADER = '$input.params().header.get(';

/** Tests whether a response template is static text, which is sent as it is. */
export function isStaticText(template: string): boolean {
  return !/[#$]/.test(template);
}

/**
 * Returns the first directive or reference of a response template that local mode does not support, or
 * `undefined` if it supports all of them.
 */
export function unsupportedReference(template: string): string | undefined {
  const variables = [...template.matchAll(/#set\(\s*\$(\w+)\s*=/g)].map(([, name]) => name);
  for (const { index } of template.matchAll(/[#$]/g)) {
    const rest = template.slice(index);
    const [, name = ''] = /^[#$](\w*)/.exec(rest) ?? [];
    const known = rest.startsWith('#')
      ? DIRECTIVES.includes(name)
      : rest.startsWith(REQUEST_HEADER) || name === 'context' || variables.includes(name);
    if (!known) return /^.[\w.]*/.exec(rest)?.[0];
  }
  return undefined;
}
