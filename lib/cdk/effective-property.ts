import type { CfnResource } from 'aws-cdk-lib';

/**
 * Returns a property of a resource as the template will have it: overrides, such as those of
 * `addPropertyOverride`, take precedence over the L1's own value. Of an object they replace members.
 *
 * @param own value of the L1, resolved if it is an object
 * @see https://docs.aws.amazon.com/cdk/v2/guide/cfn-layer.html#develop-customize-escape-l2-raw
 */
export function effectiveProperty<Value>(resource: CfnResource, name: string, own: Value): Value {
  const overrides = propertyOverrides(resource);
  if (!(name in overrides)) return own;
  const override = overrides[name];
  if (!isObject(override) || !isObject(own)) return override as Value;
  const members = Object.entries(override).map(([key, value]) => {
    const member = `${key.charAt(0).toLowerCase()}${key.slice(1)}`;
    const former = (own as Record<string, unknown>)[member];
    return [member, isObject(value) && isObject(former) ? merged(former, value) : value];
  });
  return { ...own, ...Object.fromEntries(members) };
}

/** Returns the property overrides of a resource. The CDK keeps them in a private member. */
export function propertyOverrides(resource: CfnResource): Readonly<Record<string, unknown>> {
  const { rawOverrides } = resource as unknown as { readonly rawOverrides?: unknown };
  const properties = isObject(rawOverrides) ? rawOverrides['Properties'] : undefined;
  return isObject(properties) ? properties : {};
}

function merged(own: Record<string, unknown>, override: Record<string, unknown>) {
  const entries = Object.entries({ ...own, ...override });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
