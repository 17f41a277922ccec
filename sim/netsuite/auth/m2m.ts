// Is this JWT signed by a certificate of the account, and what token does it earn? OAuth 2.0 client credentials as
// NetSuite does them: PS256…PS512 and ES256…ES512; RS256 is refused.
import {
  constants,
  createPublicKey,
  type KeyObject,
  randomBytes,
  verify,
  X509Certificate,
} from 'node:crypto';
import type { Answer, Call } from '../../http.ts';
import { json } from '../../http.ts';

export interface Certificate {
  readonly kid: string;
  readonly clientId: string;
  readonly role: string;
  readonly pem: string;
  revoked?: boolean;
}

export interface Token {
  readonly role: string;
  readonly expiresAtMs: number;
  readonly scopes: readonly string[];
}

const tokenLifeMs = 60 * 60_000;
/** Oracle: a certificate is valid for at most two years. */
const certificateLifeMs = 2 * 366 * 86_400_000;
const scopesKnown = new Set(['rest_webservices', 'restlets', 'suite_analytics']);
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const curves: Readonly<Record<string, string>> = {
  ES256: 'prime256v1',
  ES384: 'secp384r1',
  ES512: 'secp521r1',
};

const refuse = (status: 400 | 401, error: string): Answer => json(status, { error });

/** Reads an uploaded certificate; throws with a sentence when NetSuite would not take it. */
export function readCertificate(pem: string): KeyObject {
  const certificate = new X509Certificate(pem);
  const life = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
  if (life > certificateLifeMs) throw new Error('The certificate is valid for more than two years.');
  const key = createPublicKey(pem);
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && (modulusLength ?? 0) < 2048)
    throw new Error('The RSA key is shorter than 2048 bits.');
  if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'ec')
    throw new Error('The key is neither RSA nor EC.');
  return key;
}

function verifySignature(algorithm: string, key: KeyObject, signed: string, signature: Buffer): boolean {
  const hash = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('PS')) {
    if (key.asymmetricKeyType !== 'rsa') return false;
    const saltLength = Number(algorithm.slice(2)) / 8;
    return verify(
      hash,
      Buffer.from(signed),
      { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
      signature,
    );
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== curves[algorithm])
    return false;
  return verify(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

const decodePart = (part: string | undefined): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

export interface TokenDesk {
  readonly certificates: Map<string, Certificate>;
  issue(call: Call): Answer;
  find(token: string): Token | undefined;
  /** Ends all tokens at once, as a revoked mapping does. */
  revokeAll(): void;
}

export function makeTokenDesk(options: {
  readonly now: () => number;
  readonly audiences: (baseUrl: string) => readonly string[];
  readonly certificates: Map<string, Certificate>;
}): TokenDesk {
  const tokens = new Map<string, Token>();
  const keys = new Map<string, KeyObject>();
  let issued = 0;

  const issue = (call: Call): Answer => {
    const form = new URLSearchParams(call.body.toString('utf8'));
    if (form.get('grant_type') !== 'client_credentials') return refuse(400, 'unsupported_grant_type');
    if (form.get('client_assertion_type') !== assertionType) return refuse(400, 'invalid_request');
    const assertion = form.get('client_assertion') ?? '';
    const [head, body, signature, ...more] = assertion.split('.');
    const header = decodePart(head);
    const claims = decodePart(body);
    if (!header || !claims || !signature || more.length > 0) return refuse(400, 'invalid_request');
    const algorithm = String(header['alg']);
    if (!/^(PS|ES)(256|384|512)$/.test(algorithm)) return refuse(400, 'invalid_request');
    const certificate = options.certificates.get(String(header['kid']));
    if (!certificate || certificate.revoked) return refuse(400, 'invalid_grant');
    if (claims['iss'] !== certificate.clientId) return refuse(401, 'invalid_client');
    let key = keys.get(certificate.kid);
    if (!key) {
      key = readCertificate(certificate.pem);
      keys.set(certificate.kid, key);
    }
    if (!verifySignature(algorithm, key, `${head}.${body}`, Buffer.from(signature, 'base64url')))
      return refuse(400, 'invalid_grant');
    const audience = ([] as unknown[]).concat(claims['aud']).map(String);
    if (!audience.some((one) => options.audiences(call.baseUrl).includes(one)))
      return refuse(400, 'invalid_grant');
    const [iat, exp] = [Number(claims['iat']), Number(claims['exp'])];
    // A caller may live in the simulated time or, like the npm clients, in the machine's.
    const timely = [options.now(), Date.now()].some(
      (nowMs) => exp > nowMs / 1000 && iat <= nowMs / 1000 + 60,
    );
    if (!(exp <= iat + 3600) || !timely) return refuse(400, 'invalid_grant');
    const scope = claims['scope'] ?? form.get('scope');
    const scopes = (Array.isArray(scope) ? scope.map(String) : String(scope ?? '').split(/[\s,]+/)).filter(
      Boolean,
    );
    if (scopes.length === 0 || scopes.some((one) => !scopesKnown.has(one)))
      return refuse(400, 'invalid_scope');
    const token = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${randomBytes(24).toString('base64url')}.${randomBytes(24).toString('base64url')}`;
    tokens.set(token, { role: certificate.role, expiresAtMs: options.now() + tokenLifeMs, scopes });
    if (tokens.size > 10_000)
      for (const [old, { expiresAtMs }] of tokens) if (expiresAtMs < options.now()) tokens.delete(old);
    // NetSuite has answered with text and with a number; clients must take both.
    const expiresIn = issued++ % 2 === 0 ? String(tokenLifeMs / 1000) : tokenLifeMs / 1000;
    return json(
      200,
      { access_token: token, expires_in: expiresIn, token_type: 'bearer' },
      { 'cache-control': 'no-store' },
    );
  };

  return {
    certificates: options.certificates,
    issue,
    find: (text) => {
      const token = tokens.get(text);
      return token && token.expiresAtMs > options.now() ? token : undefined;
    },
    revokeAll: () => tokens.clear(),
  };
}
