import { createHmac, hash } from 'node:crypto';

/** Credentials that sign AWS requests. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials, as functions have them, have one. */
  readonly sessionToken?: string | undefined;
}

export interface SigningScope {
  readonly region: string;
  /** The service's name in signatures: `dynamodb`. */
  readonly service: string;
}

export interface UnsignedRequest {
  readonly method: string;
  /** Normalized path; the APIs that we call are at the root. */
  readonly path: string;
  /** Names in lower case; every one of them is signed, `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Creates the function that signs the requests to one service with Signature Version 4, for requests
 * without a query. It takes a quarter of the time of the SDK's signer, which signs any request.
 *
 * @returns a function that gives the request's headers, signed for this moment.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function createSigner({ region, service }: SigningScope) {
  // The key is the same for a day and these credentials.
  let known: { day: string; secretAccessKey: string; key: Buffer } | undefined;

  function signingKey(day: string, secretAccessKey: string): Buffer {
    if (known?.day !== day || known.secretAccessKey !== secretAccessKey) {
      const parts = [day, region, service, 'aws4_request'];
      const key = parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
      known = { day, secretAccessKey, key };
    }
    return known.key;
  }

  return function sign(
    { method, path, headers, body }: UnsignedRequest,
    { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
    at: Date,
  ): Record<string, string> {
    const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
    const day = time.slice(0, 8);
    const signed: Record<string, string> = {
      ...headers,
      'x-amz-date': time,
      ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
    };
    const names = Object.keys(signed).sort();
    const list = names.join(';');
    let fields = '';
    for (const name of names) fields += `${name}:${signed[name]}\n`;
    const canonical = `${method}\n${path}\n\n${fields}\n${list}\n${hash('sha256', body)}`;
    const scope = `${day}/${region}/${service}/aws4_request`;
    const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', canonical)}`;
    const signature = hmac(signingKey(day, secretAccessKey), toSign).toString('hex');
    const credential = `${accessKeyId}/${scope}`;
    signed['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${list}, Signature=${signature}`;
    return signed;
  };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
