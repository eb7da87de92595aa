import { billOfMaterials } from '../../scripts/sbom';

const own = { name: 'phantom-token-authorizer', version: '1.2.3', license: 'Apache-2.0' };
const packages = [
  { directory: 'x', name: '@s/a', version: '1.0.0+b', license: 'MIT', texts: [] },
  { directory: 'y', name: 'b', version: '2.0.0', license: '(MIT OR ISC)', texts: [] },
];

test('the bill of materials names the bundle and each package by version, license and purl', () => {
  expect(JSON.parse(billOfMaterials(own, packages))).toEqual({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': 'pkg:npm/phantom-token-authorizer@1.2.3',
        name: 'phantom-token-authorizer',
        version: '1.2.3',
        licenses: [{ license: { id: 'Apache-2.0' } }],
        purl: 'pkg:npm/phantom-token-authorizer@1.2.3',
      },
    },
    components: [
      {
        type: 'library',
        'bom-ref': 'pkg:npm/%40s/a@1.0.0%2Bb',
        group: '@s',
        name: 'a',
        version: '1.0.0+b',
        licenses: [{ license: { id: 'MIT' } }],
        purl: 'pkg:npm/%40s/a@1.0.0%2Bb',
      },
      {
        type: 'library',
        'bom-ref': 'pkg:npm/b@2.0.0',
        name: 'b',
        version: '2.0.0',
        licenses: [{ expression: '(MIT OR ISC)' }],
        purl: 'pkg:npm/b@2.0.0',
      },
    ],
  });
});

test('equal bundles have equal bills of materials', () => {
  expect(billOfMaterials(own, packages)).toBe(billOfMaterials(own, packages));
});
