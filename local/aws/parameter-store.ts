import { z } from 'zod';
import { close, listen } from '../http-server';
import { parseProperties, type Resource } from '../template/unsupported';
import { AwsApiError } from './aws-error';
import { createJsonService, parseRequest, unsupportedOperation } from './json-service';

/** Embedded Parameter Store of AWS Systems Manager, in memory. */
export interface ParameterStore {
  readonly endpoint: URL;
  /**
   * Creates the parameter that the template describes.
   *
   * @throws UnsupportedTemplateError naming an unsupported property.
   */
  createParameter(resource: Resource, name: string): void;
  close(): Promise<void>;
}

/** Maximum size of a parameter in the standard tier, in bytes. */
const MAX_VALUE_BYTES = 4096;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html */
const parameterSchema = z.strictObject({
  Type: z.literal('String'),
  Value: z.string(),
  Name: z.string().optional(),
  Description: z.string().optional(),
  Tier: z.literal('Standard').optional(),
  Tags: z.unknown().optional(),
});

const getSchema = z.strictObject({ Name: z.string() });
const putSchema = z.strictObject({
  Name: z.string(),
  Value: z.string(),
  Overwrite: z.literal(true),
});

/** Starts an embedded Parameter Store on a free loopback port. It accepts any credentials. */
export async function startParameterStore(): Promise<ParameterStore> {
  const parameters = new Map<string, { value: string; version: number }>();

  function find(name: string) {
    const parameter = parameters.get(name);
    if (parameter) return parameter;
    throw new AwsApiError('ParameterNotFound', `Parameter ${name} not found.`);
  }

  /** @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html */
  function perform(operation: string, request: unknown): object {
    if (operation === 'GetParameter') {
      const { Name } = parseRequest(request, getSchema);
      const { value, version } = find(Name);
      return { Parameter: { Name, Type: 'String', Value: value, Version: version } };
    }
    if (operation === 'PutParameter') {
      const { Name, Value } = parseRequest(request, putSchema);
      if (Buffer.byteLength(Value) > MAX_VALUE_BYTES) {
        const message = `Standard tier parameters support a maximum parameter value of ${MAX_VALUE_BYTES} characters.`;
        throw new AwsApiError('ValidationException', message);
      }
      const version = find(Name).version + 1;
      parameters.set(Name, { value: Value, version });
      return { Tier: 'Standard', Version: version };
    }
    throw unsupportedOperation(operation);
  }

  const server = createJsonService('AmazonSSM', perform);
  return {
    endpoint: await listen(server),
    createParameter(resource, name) {
      const { Value } = parseProperties(resource, parameterSchema);
      parameters.set(name, { value: Value, version: 1 });
    },
    close: () => close(server),
  };
}
