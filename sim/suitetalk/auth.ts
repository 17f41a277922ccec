// Who may enter the simulated account? OAuth 2.0 assertions checked against the uploaded certificate, OAuth 1.0a signatures
// recomputed, and roles that may lack permissions (netsuite.md §3).
import { createHmac, createPublicKey, randomBytes, X509Certificate } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { type Answer, type Call, json } from '../http.ts';
import type { World } from './world.ts';

export interface Login {
  readonly role: string;
}

export interface Accounts {
  readonly accountId: string;
  readonly clientId: string;
  readonly tba: { readonly consumerKey: string; readonly consumerSecret: string; readonly tokenId: string; readonly tokenSecret: string };
  registerCertificate(pem: string, role?: string): { kid: string; clientId: string };
  token(call: Call): Promise<Answer>;
  /** The login of a request, or undefined when it must be refused. */
  login(call: Call): Login | undefined;
  /** Permission keys that a role has been deprived of. */
  readonly denied: Map<string, Set<string>>;
}

/** RSASSA-PKCS1 is refused by NetSuite, whatever the key (netsuite.md §3.2). */
const algorithms = ['PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];
const tokenSeconds = 3600;
/** TBA timestamps may be off by this much. */
const timestampSlackSeconds = 300;

export function makeAccounts(world: World, seedText: string): Accounts {
  const secret = (name: string) => createHmac('sha256', `netsuite-simulator/${seedText}`).update(name).digest('hex');
  const accountId = '7654321_SB1';
  const clientId = secret('client').slice(0, 40);
  const tba = { consumerKey: secret('ck'), consumerSecret: secret('cs'), tokenId: secret('ti'), tokenSecret: secret('ts') };
  const certificates = new Map<string, { readonly pem: string; readonly role: string }>();
  const tokens = new Map<string, { readonly until: number; readonly role: string }>();
  const nonces = new Map<string, number>();
  const denied = new Map<string, Set<string>>();
  for (const row of world.rows("SELECT name, value FROM _state WHERE name LIKE 'certificate/%'")) certificates.set(String(row['name']).slice(12), JSON.parse(String(row['value'])));

  const refused = (error: string) => json(error === 'invalid_client' ? 401 : 400, { error });
  return {
    accountId,
    clientId,
    tba,
    denied,
    registerCertificate(pem, role = 'crossdock') {
      new X509Certificate(pem);
      const kid = randomBytes(24).toString('base64url');
      certificates.set(kid, { pem, role });
      world.run('INSERT OR REPLACE INTO _state (name, value) VALUES (?, ?)', `certificate/${kid}`, JSON.stringify({ pem, role }));
      return { kid, clientId };
    },
    async token(call) {
      const form = new URLSearchParams(call.body.toString());
      if (form.get('grant_type') !== 'client_credentials' || form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') return refused('invalid_request');
      const assertion = form.get('client_assertion') ?? '';
      try {
        const header = decodeProtectedHeader(assertion);
        const certificate = certificates.get(String(header.kid ?? ''));
        if (!certificate || !algorithms.includes(String(header.alg))) return refused('invalid_grant');
        const now = new Date(world.clock.now());
        if (new Date(new X509Certificate(certificate.pem).validTo) < now) return refused('invalid_grant');
        const { payload } = await jwtVerify(assertion, createPublicKey(certificate.pem), { algorithms, currentDate: now, clockTolerance: 5 });
        if (payload.iss !== clientId) return refused('invalid_client');
        const audience = Array.isArray(payload.aud) ? payload.aud[0] : payload.aud;
        if (!audience?.endsWith('/services/rest/auth/oauth2/v1/token')) return refused('invalid_grant');
        if (!payload.exp || !payload.iat || payload.exp > payload.iat + tokenSeconds) return refused('invalid_grant');
        const scope = Array.isArray(payload['scope']) ? payload['scope'] : String(payload['scope'] ?? '').split(/[ ,]+/);
        if (!scope.includes('rest_webservices')) return refused('invalid_grant');
        const token = `eyJraWQiOiJzaW0ifQ.${randomBytes(30).toString('base64url')}.${randomBytes(12).toString('base64url')}`;
        tokens.set(token, { until: world.clock.now() + tokenSeconds * 1000, role: certificate.role });
        // NetSuite gives the number sometimes as text (netsuite.md §3.2).
        return json(200, { access_token: token, expires_in: tokens.size % 2 === 0 ? tokenSeconds : String(tokenSeconds), token_type: 'bearer' });
      } catch {
        return refused('invalid_grant');
      }
    },
    login(call) {
      const header = call.headers.authorization ?? '';
      if (/^Bearer /i.test(header)) {
        const known = tokens.get(header.slice(7).trim());
        return known && known.until > world.clock.now() ? { role: known.role } : undefined;
      }
      if (/^OAuth /i.test(header)) return verifyTba(call, header, { accountId, tba, nonces, now: world.clock.now() }) ? { role: 'tba' } : undefined;
      return undefined;
    },
  };
}

const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** RFC 5849 with HMAC-SHA256; HMAC-SHA1 has not been accepted since 2023.1. */
export function tbaSignature(method: string, url: URL, oauth: Readonly<Record<string, string>>, secrets: { consumerSecret: string; tokenSecret: string }): string {
  const pairs = [...url.searchParams, ...Object.entries(oauth).filter(([name]) => name !== 'realm' && name !== 'oauth_signature')];
  const parameters = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join('&');
  const base = `${method}&${encode(url.origin + url.pathname)}&${encode(parameters)}`;
  return createHmac('sha256', `${encode(secrets.consumerSecret)}&${encode(secrets.tokenSecret)}`).update(base).digest('base64');
}

function verifyTba(call: Call, header: string, { accountId, tba, nonces, now }: { accountId: string; tba: Accounts['tba']; nonces: Map<string, number>; now: number }): boolean {
  const oauth: Record<string, string> = {};
  for (const match of header.slice(6).matchAll(/(\w+)="([^"]*)"/g)) oauth[match[1]!] = decodeURIComponent(match[2]!);
  const timestamp = Number(oauth['oauth_timestamp']);
  if (oauth['realm'] !== accountId || oauth['oauth_consumer_key'] !== tba.consumerKey || oauth['oauth_token'] !== tba.tokenId) return false;
  if (oauth['oauth_signature_method'] !== 'HMAC-SHA256' || Math.abs(timestamp - now / 1000) > timestampSlackSeconds) return false;
  if (nonces.has(oauth['oauth_nonce'] ?? '')) return false;
  const host = call.headers.host ?? '';
  const url = new URL(`${call.path}${call.query.size > 0 ? `?${call.query}` : ''}`, `http://${host}`);
  if (tbaSignature(call.method, url, oauth, tba) !== oauth['oauth_signature']) return false;
  if (nonces.size > 100_000) nonces.clear();
  nonces.set(oauth['oauth_nonce'] ?? '', now);
  return true;
}
