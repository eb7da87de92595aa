import type { BundledPackage } from './third-party';

/** Component of a software bill of materials. */
interface Component {
  readonly type: 'application' | 'library';
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly object[];
  readonly purl: string;
}

/**
 * Returns the software bill of materials of a bundle, in CycloneDX. It has neither a time nor a serial number,
 * so that equal bundles have equal bills.
 *
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function billOfMaterials(
  bundle: Pick<BundledPackage, 'name' | 'version' | 'license'>,
  packages: readonly BundledPackage[],
): string {
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: component('application', bundle) },
    components: packages.map((it) => component('library', it)),
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

function component(
  type: Component['type'],
  { name, version, license }: Pick<BundledPackage, 'name' | 'version' | 'license'>,
): Component {
  const [, group, own = name] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? [];
  const purl = packageUrl(group, own, version);
  return {
    type,
    'bom-ref': purl,
    ...(group !== undefined && { group }),
    name: own,
    version,
    licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }],
    purl,
  };
}

/** @see https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
function packageUrl(group: string | undefined, name: string, version: string): string {
  const namespace = group === undefined ? '' : `${encodeURIComponent(group)}/`;
  return `pkg:npm/${namespace}${name}@${encodeURIComponent(version)}`;
}
