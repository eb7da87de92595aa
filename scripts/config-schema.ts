import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema, documentedSchema } from '../lib/stack/config/json-schema';
import { configPage } from './config-page';

/** Writes the published JSON Schema of the deployment config and the page that documents its keys. */
const root = join(__dirname, '..');
writeFileSync(join(root, 'config.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
writeFileSync(join(root, 'docs', 'configuration.md'), configPage(documentedSchema()));
