// Is this request signed with a token of the account? OAuth 1.0a with HMAC-SHA256 (token-based authentication).
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface TbaCredentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
}

/** How far the caller's clock may be off; commonly cited as five minutes. */
const windowS = 300;

/** RFC 3986: encodeURIComponent leaves !'()* as they are, OAuth does not. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const decode = (text: string) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The parameters of an `Authorization: OAuth …` header. */
export function parseOAuthHeader(header: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const match of header.slice('OAuth '.length).matchAll(/([a-z_]+)="([^"]*)"/gi))
    fields[match[1]!] = decode(match[2]!);
  return fields;
}

export function signatureBase(method: string, url: string, oauth: Readonly<Record<string, string>>): string {
  const target = new URL(url);
  const pairs: [string, string][] = [...target.searchParams].map(([name, value]) => [
    encode(name),
    encode(value),
  ]);
  for (const [name, value] of Object.entries(oauth))
    if (name !== 'realm' && name !== 'oauth_signature') pairs.push([encode(name), encode(value)]);
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  const parameters = pairs.map(([name, value]) => `${name}=${value}`).join('&');
  return [method.toUpperCase(), encode(target.origin + target.pathname), encode(parameters)].join('&');
}

export function sign(base: string, credentials: TbaCredentials): string {
  const key = `${encode(credentials.consumerSecret)}&${encode(credentials.tokenSecret)}`;
  return createHmac('sha256', key).update(base).digest('base64');
}

const same = (a: string, b: string) => {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
};

export interface TbaRequest {
  readonly method: string;
  /** Every address under which the caller may have known us; the signature covers the address. */
  readonly urls: readonly string[];
  readonly header: string;
  /** The times a caller may live in: the simulated one and the machine's. */
  readonly nowMs: readonly number[];
  readonly realm: string;
}

/** Checks a request; answers the reason NetSuite would write into the login audit trail, or undefined when it is fine. */
export function refuseTba(
  request: TbaRequest,
  credentials: TbaCredentials,
  nonces: Map<string, number>,
): string | undefined {
  const fields = parseOAuthHeader(request.header);
  if (fields['realm'] !== request.realm) return 'InvalidRealm';
  if (fields['oauth_consumer_key'] !== credentials.consumerKey) return 'ConsumerKeyUnknown';
  if (fields['oauth_token'] !== credentials.tokenId) return 'TokenRejected';
  if (fields['oauth_signature_method'] !== 'HMAC-SHA256') return 'SignatureMethodRejected';
  if ((fields['oauth_version'] ?? '1.0') !== '1.0') return 'VersionRejected';
  const stamp = Number(fields['oauth_timestamp']);
  if (!Number.isInteger(stamp) || !request.nowMs.some((now) => Math.abs(stamp - now / 1000) <= windowS))
    return 'InvalidTimestamp';
  const nonce = fields['oauth_nonce'] ?? '';
  if (!/^[A-Za-z0-9]{6,64}$/.test(nonce) || nonces.has(`${stamp}/${nonce}`)) return 'NonceUsed';
  const signature = fields['oauth_signature'] ?? '';
  if (
    !request.urls.some((url) =>
      same(signature, sign(signatureBase(request.method, url, fields), credentials)),
    )
  )
    return 'InvalidSignature';
  nonces.set(`${stamp}/${nonce}`, stamp);
  if (nonces.size > 20_000)
    for (const [key, at] of nonces)
      if (request.nowMs.every((now) => at < now / 1000 - windowS)) nonces.delete(key);
  return undefined;
}
