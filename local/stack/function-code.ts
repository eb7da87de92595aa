import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ResolvedResource } from '../template/resolve';
import { UnsupportedTemplateError } from '../template/unsupported';

const inlineCodeSchema = z.object({ ZipFile: z.string() });

/**
 * Returns the directory with the code of a function: its asset, or inline code that is written to a file.
 *
 * @param directory directory for inline code
 * @see https://docs.aws.amazon.com/cdk/v2/guide/assets.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
 * @throws UnsupportedTemplateError if the code is in a zip file, an image or a bucket
 */
export function codeDirectory(resource: ResolvedResource, directory: string): string {
  const { logicalId, ref, assetPath, properties } = resource;
  if (assetPath !== undefined && statSync(assetPath).isDirectory()) return assetPath;
  const inline = inlineCodeSchema.safeParse((properties as { Code?: unknown }).Code);
  if (!inline.success) {
    throw new UnsupportedTemplateError(
      `code of ${logicalId} must be inline, or a directory that is an asset of the app`,
    );
  }
  const own = join(directory, 'inline-code', ref);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'index.js'), inline.data.ZipFile);
  return own;
}
