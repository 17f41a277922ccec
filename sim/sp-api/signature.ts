// Is a request signed as AWS Signature Version 4 says? Amazon ignores signatures since October 2023; where one is sent all
// the same, or asked for, it must be right. Written from AWS's description of the signing process.
import { createHash, createHmac } from 'node:crypto';
import type { Call } from '../http.ts';

export interface AwsKeys {
  readonly awsAccessKeyId: string;
  readonly awsSecretAccessKey: string;
  readonly awsRegion: string;
}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
/** RFC 3986, as AWS wants it: also ! ' ( ) * are escaped. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
/** How far the moment of a signature may be from now. */
const skewMs = 15 * 60_000;

/** Undefined when the signature is right, else what is wrong with it. */
export function signatureFault(call: Call, keys: AwsKeys, nowMs: number): string | undefined {
  const header = String(call.headers['authorization'] ?? '');
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (!parts) return 'The Authorization header is not in the form of AWS Signature Version 4.';
  const [, accessKey, day, region, service, signedHeaders = '', signature] = parts;
  if (accessKey !== keys.awsAccessKeyId) return 'The security token included in the request is invalid.';
  if (region !== keys.awsRegion || service !== 'execute-api')
    return 'Credential should be scoped to the region and service of this host.';
  const moment = String(call.headers['x-amz-date'] ?? '');
  const at = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(moment);
  if (!at || !moment.startsWith(day!)) return 'The date in the credential scope does not match X-Amz-Date.';
  const signedMs = Date.UTC(+at[1]!, +at[2]! - 1, +at[3]!, +at[4]!, +at[5]!, +at[6]!);
  if (Math.abs(signedMs - nowMs) > skewMs) return 'Signature expired.';
  const names = signedHeaders.split(';');
  for (const needed of ['host', 'x-amz-date'])
    if (!names.includes(needed)) return `${needed} must be a signed header.`;
  const canonical = [
    call.method,
    call.path
      .split('/')
      .map((segment) => encode(encode(decodeURIComponent(segment))))
      .join('/'),
    [...call.query]
      .map(([name, value]) => [encode(name), encode(value)] as const)
      .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join('&'),
    ...names.map(
      (name) =>
        `${name}:${String(call.headers[name] ?? '')
          .trim()
          .replace(/\s+/g, ' ')}`,
    ),
    '',
    signedHeaders,
    String(call.headers['x-amz-content-sha256'] ?? sha256(call.body)),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [region!, service!, 'aws4_request'].reduce<Buffer>(
    (secret, part) => hmac(secret, part),
    hmac(`AWS4${keys.awsSecretAccessKey}`, day!),
  );
  const wanted = hmac(key, ['AWS4-HMAC-SHA256', moment, scope, sha256(canonical)].join('\n')).toString('hex');
  return wanted === signature
    ? undefined
    : 'The request signature we calculated does not match the signature you provided.';
}
