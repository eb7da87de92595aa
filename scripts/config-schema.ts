import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../lib/stack/config/schema';

/** Writes the published JSON Schema of the deployment config file; a test holds it to the code. */
const file = join(__dirname, '..', 'config.schema.json');
writeFileSync(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
