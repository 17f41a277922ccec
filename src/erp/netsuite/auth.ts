// How do we enter? OAuth 2.0 client credentials with a signed assertion (m2m), or OAuth 1.0a signatures (tba).
import { createHmac, randomBytes } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { ConnectionError, TransientError } from '../../core/errors.ts';
import type { CachedToken, Tools } from '../../http/tools.ts';
import type { NetSuiteBucket } from './limits.ts';
import type { NetSuiteSecrets, NetSuiteSettings } from './settings.ts';

/** Hosts write the account id in lower case with a hyphen, OAuth 1.0a realms in upper case with an underscore (netsuite.md §1.1). */
export const hostAccount = (accountId: string): string => accountId.toLowerCase().replaceAll('_', '-');
export const realmAccount = (accountId: string): string => accountId.toUpperCase().replaceAll('-', '_');

export function baseUrlOf(settings: NetSuiteSettings): string {
  return settings.hostTemplate.replace('{acct}', hostAccount(settings.accountId)).replace(/\/$/, '');
}

/** The Authorization header for one request. */
export type Authorize = (request: { readonly method: string; readonly url: string }) => Promise<string>;

export function authorizer(
  settings: NetSuiteSettings,
  secrets: NetSuiteSecrets,
  tools: Tools<NetSuiteBucket>,
): Authorize {
  if (settings.auth === 'tba') {
    const credentials = tbaCredentials(settings, secrets);
    return async (request) =>
      tbaHeader(request, credentials, {
        nonce: randomBytes(16).toString('hex'),
        timestamp: Math.floor(tools.now().getTime() / 1000),
      });
  }
  return async () => `Bearer ${await tools.token('m2m', () => fetchToken(settings, secrets, tools))}`;
}

function missing(field: string, label: string): ConnectionError {
  return new ConnectionError('CREDENTIALS_MISSING', `The NetSuite connection lacks its ${label}.`, {
    field,
    nextSteps: [`Enter the ${label} and test the connection again.`],
    facts: { side: 'erp' },
  });
}

async function fetchToken(
  settings: NetSuiteSettings,
  secrets: NetSuiteSecrets,
  tools: Tools<NetSuiteBucket>,
): Promise<CachedToken> {
  if (!settings.clientId) throw missing('clientId', 'client id');
  if (!settings.certificateId) throw missing('certificateId', 'certificate id');
  if (!secrets.privateKeyPem) throw missing('privateKeyPem', 'private key');
  const url = `${baseUrlOf(settings)}/services/rest/auth/oauth2/v1/token`;
  const issuedAt = Math.floor(tools.now().getTime() / 1000);
  // EC keys sign ES256, RSA keys PS256; RS256 is refused by NetSuite (netsuite.md §3.2).
  const { key, algorithm } = await privateKey(secrets.privateKeyPem);
  const assertion = await new SignJWT({ scope: ['rest_webservices'] })
    .setProtectedHeader({ alg: algorithm, typ: 'JWT', kid: settings.certificateId })
    .setIssuer(settings.clientId)
    .setAudience(url)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + 300)
    .sign(key);
  const answer = await tools.send({
    bucket: 'free',
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }).toString(),
    unrecorded: true,
    timeoutMs: 30_000,
  });
  if (answer.status >= 500 || answer.status === 429)
    throw new TransientError('TOKEN_UNAVAILABLE', `NetSuite’s token service answered ${answer.status}.`);
  const body = answer.json() as { access_token?: string; expires_in?: string | number; error?: string };
  if (answer.status >= 400 || !body.access_token)
    throw new ConnectionError('TOKEN_REFUSED', `NetSuite refused a token (${body.error ?? answer.status}).`, {
      field: body.error === 'invalid_client' ? 'clientId' : 'certificateId',
      nextSteps: [
        'Check client id and certificate id under Setup → Integration → OAuth 2.0 Client Credentials (M2M) Setup.',
        'Check there that the certificate has not expired or been revoked, and that the clock of this machine is right.',
      ],
      facts: { side: 'erp', error: body.error ?? '' },
    });
  return {
    value: body.access_token,
    expiresAt: new Date(tools.now().getTime() + Number(body.expires_in ?? 3600) * 1000),
  };
}

async function privateKey(pem: string) {
  for (const algorithm of ['ES256', 'PS256', 'ES384', 'ES512'] as const) {
    try {
      return { key: await importPKCS8(pem, algorithm), algorithm };
    } catch {
      // Another kind of key: the next algorithm is tried.
    }
  }
  throw new ConnectionError(
    'PRIVATE_KEY_UNUSABLE',
    'The private key of the NetSuite connection is neither an EC nor an RSA key in PKCS#8.',
    {
      field: 'privateKeyPem',
      nextSteps: ['Make a new certificate here and upload it to NetSuite.'],
      facts: { side: 'erp' },
    },
  );
}

export interface TbaCredentials {
  readonly realm: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly tokenId: string;
  readonly tokenSecret: string;
}

function tbaCredentials(settings: NetSuiteSettings, secrets: NetSuiteSecrets): TbaCredentials {
  const need = (
    name: 'consumerKey' | 'consumerSecret' | 'tokenId' | 'tokenSecret',
    label: string,
  ): string => {
    const value = secrets[name];
    if (!value) throw missing(name, label);
    return value;
  };
  return {
    realm: realmAccount(settings.accountId),
    consumerKey: need('consumerKey', 'consumer key'),
    consumerSecret: need('consumerSecret', 'consumer secret'),
    tokenId: need('tokenId', 'token id'),
    tokenSecret: need('tokenSecret', 'token secret'),
  };
}

/** RFC 3986: `!'()*` are escaped as well. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** OAuth 1.0a with HMAC-SHA256; checked against the vectors that Oracle publishes (netsuite.md §3.3). */
export function tbaHeader(
  request: { readonly method: string; readonly url: string },
  credentials: TbaCredentials,
  moment: { readonly nonce: string; readonly timestamp: number },
): string {
  const url = new URL(request.url);
  const oauth: Record<string, string> = {
    oauth_consumer_key: credentials.consumerKey,
    oauth_nonce: moment.nonce,
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(moment.timestamp),
    oauth_token: credentials.tokenId,
    oauth_version: '1.0',
  };
  const parameters = [...url.searchParams, ...Object.entries(oauth)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort();
  const base = [
    request.method.toUpperCase(),
    encode(url.origin + url.pathname),
    encode(parameters.join('&')),
  ].join('&');
  const signature = createHmac(
    'sha256',
    `${encode(credentials.consumerSecret)}&${encode(credentials.tokenSecret)}`,
  )
    .update(base)
    .digest('base64');
  const header = { realm: credentials.realm, ...oauth, oauth_signature: signature };
  return `OAuth ${Object.entries(header)
    .map(([name, value]) => `${name}="${encode(value)}"`)
    .join(', ')}`;
}
