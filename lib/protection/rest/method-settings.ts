/** Setting of a stage for some methods, as far as it is known at synthesis. */
export interface MethodSetting {
  /** `GET`, …, or `*`. */
  readonly httpMethod: string;
  /** Path such as `/orders/{id}`, or `/*` for every path. */
  readonly resourcePath: string;
  readonly cachingEnabled?: unknown;
  readonly dataTraceEnabled?: unknown;
}

/** Method for which a setting is looked up. */
interface Method {
  readonly httpMethod: string;
  readonly path: string;
}

/** Switches of a method setting. */
type Switch = 'cachingEnabled' | 'dataTraceEnabled';

const EVERY_PATH = '/*';

/** Setting that stands for one that is known only at the deployment. */
const UNKNOWN: MethodSetting = {
  httpMethod: '*',
  resourcePath: EVERY_PATH,
  cachingEnabled: true,
  dataTraceEnabled: true,
};

/** Methods that a method `ANY` handles; stages have settings for each of them. */
const METHODS_OF_ANY = ['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** Reads the resolved `methodSettings` of a stage. */
export function readMethodSettings(settings: unknown = []): readonly MethodSetting[] {
  return Array.isArray(settings) ? settings.map(readMethodSetting) : [UNKNOWN];
}

function readMethodSetting(setting: unknown): MethodSetting {
  const { httpMethod, resourcePath, ...switches } = Object(setting);
  if (typeof httpMethod !== 'string' || typeof resourcePath !== 'string') return UNKNOWN;
  // A slash within the path is written `~1`, and the first one is optional.
  const path = resourcePath.replaceAll('~1', '/').replace(/^\/*/, '/');
  return { ...switches, httpMethod: httpMethod.toUpperCase(), resourcePath: path };
}

/** Returns whether a resolved switch is on, or can be at the deployment. */
export function isOn(value: unknown): boolean {
  return value !== undefined && value !== false;
}

/**
 * Returns whether a switch is on for a method. The most specific setting that has the switch decides.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigateway-stage-methodsetting.html
 */
export function isOnFor(
  settings: readonly MethodSetting[],
  name: Switch,
  { httpMethod, path }: Method,
): boolean {
  const methods = httpMethod === 'ANY' ? METHODS_OF_ANY : [httpMethod];
  return methods.some((method) => {
    const matching = settings.filter(
      (it) => it[name] !== undefined && applies(it, name, { httpMethod: method, path }),
    );
    const most = Math.max(...matching.map(specificity));
    return matching.some((it) => specificity(it) === most && isOn(it[name]));
  });
}

/**
 * Returns whether a setting applies to a method. Caching for all methods is caching for `GET`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
function applies(setting: MethodSetting, name: Switch, { httpMethod, path }: Method): boolean {
  if (setting.resourcePath !== EVERY_PATH && setting.resourcePath !== path) return false;
  if (setting.httpMethod !== '*') return setting.httpMethod === httpMethod;
  return name !== 'cachingEnabled' || httpMethod === 'GET';
}

function specificity({ httpMethod, resourcePath }: MethodSetting): number {
  return (resourcePath === EVERY_PATH ? 0 : 2) + (httpMethod === '*' ? 0 : 1);
}
