import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { parseProperties, type Resource } from '../template/unsupported';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html */
const generateSecretStringSchema = z.strictObject({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: z.number().int().min(1).max(4096).default(32),
  ExcludeCharacters: z.string().default(''),
  ExcludeLowercase: z.boolean().default(false),
  ExcludeUppercase: z.boolean().default(false),
  ExcludeNumbers: z.boolean().default(false),
  ExcludePunctuation: z.boolean().default(false),
  IncludeSpace: z.boolean().default(false),
  RequireEachIncludedType: z.boolean().default(true),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html */
const secretSchema = z.strictObject({
  SecretString: z.string().optional(),
  GenerateSecretString: generateSecretStringSchema.optional(),
  Name: z.string().optional(),
  Description: z.string().optional(),
  KmsKeyId: z.string().optional(),
  ReplicaRegions: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

/** First value of a secret. */
interface InitialValue {
  readonly value: string | undefined;
  /** True if the template sets the value. */
  readonly isSet: boolean;
}

/**
 * Returns the first value of an `AWS::SecretsManager::Secret`, as CloudFormation sets it: the value of the
 * template, a generated one, or none.
 *
 * @throws UnsupportedTemplateError naming an unsupported property.
 */
export function initialSecretValue(resource: Resource): InitialValue {
  const { SecretString, GenerateSecretString: rules } = parseProperties(resource, secretSchema);
  return rules
    ? { value: generateValue(rules), isSet: false }
    : { value: SecretString, isSet: SecretString !== undefined };
}

function generateValue(rules: z.infer<typeof generateSecretStringSchema>): string {
  const password = generatePassword(rules);
  if (rules.GenerateStringKey === undefined) return password;
  const template = JSON.parse(rules.SecretStringTemplate ?? '{}');
  return JSON.stringify({ ...template, [rules.GenerateStringKey]: password });
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
function generatePassword(rules: z.infer<typeof generateSecretStringSchema>): string {
  const types = [
    rules.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    rules.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    rules.ExcludeNumbers ? '' : '0123456789',
    rules.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    rules.IncludeSpace ? ' ' : '',
  ]
    .map((type) => [...type].filter((character) => !rules.ExcludeCharacters.includes(character)))
    .filter((type) => type.length > 0);
  const pick = (characters: string[]) => characters[randomInt(characters.length)] ?? '';
  const all = types.flat();
  const password = Array.from({ length: rules.PasswordLength }, () => pick(all));
  // Generate again until every type occurs, so that the type of no position is known.
  const complete = types.every((type) => type.some((character) => password.includes(character)));
  const possible = types.length <= rules.PasswordLength;
  return complete || !rules.RequireEachIncludedType || !possible
    ? password.join('')
    : generatePassword(rules);
}
