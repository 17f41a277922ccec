// Who may come in? Login with Amazon: tokens of an hour, a seller's by refresh token, the application's own (grantless) by
// scope. A grantless token opens only the operations of its scope, a seller's token none of those.
import { randomBytes } from 'node:crypto';
import { type Answer, json, type Route, readJson } from '../http.ts';
import type { Json } from './generate.ts';
import type { Credentials } from './server.ts';

export const grantlessScopes = [
  'sellingpartnerapi::notifications',
  'sellingpartnerapi::client_credential:rotation',
] as const;
export type GrantlessScope = (typeof grantlessScopes)[number];

const lifeMs = 3_600_000;

export interface TokenDesk {
  /** Whether a token opens an operation: a seller's one, or one of the scope. */
  opens(token: string, scope: GrantlessScope | undefined): boolean;
  /** Ends all tokens, as when the authorisation is withdrawn. */
  revokeAll(): void;
  route(): Route;
}

export function tokenDesk(
  credentials: Credentials,
  clock: { now(): number },
  /** Trades the code of the consent page; refuses in the words of Login with Amazon. */
  redeem: (body: Json) => { readonly refused: Answer } | { readonly granted: true },
): TokenDesk {
  const tokens = new Map<string, { readonly until: number; readonly scope: string | undefined }>();
  const refuse = (status: number, error: string, description: string) =>
    json(status, { error, error_description: description });
  return {
    opens(token, scope) {
      const held = tokens.get(token);
      return held !== undefined && held.until > clock.now() && held.scope === scope;
    },
    revokeAll: () => tokens.clear(),
    route: () => ({
      operation: 'lwa.token',
      method: 'POST',
      path: '/auth/o2/token',
      handle(call) {
        const type = String(call.headers['content-type'] ?? '');
        let body: Json;
        try {
          body = type.includes('json')
            ? readJson<Json>(call)
            : Object.fromEntries(new URLSearchParams(call.body.toString()));
        } catch {
          return refuse(400, 'invalid_request', 'The request is malformed');
        }
        if (body['client_id'] !== credentials.clientId || body['client_secret'] !== credentials.clientSecret)
          return refuse(401, 'invalid_client', 'Client authentication failed');
        const byCode = body['grant_type'] === 'authorization_code';
        const seller = byCode || body['grant_type'] === 'refresh_token';
        if (byCode) {
          const outcome = redeem(body);
          if ('refused' in outcome) return outcome.refused;
        } else if (seller && body['refresh_token'] !== credentials.refreshToken)
          return refuse(400, 'invalid_grant', 'The request has an invalid grant parameter : refresh_token');
        if (!seller && body['grant_type'] !== 'client_credentials')
          return refuse(
            400,
            'unsupported_grant_type',
            'The authorization grant type is not supported by the authorization server',
          );
        const scope = seller ? undefined : String(body['scope'] ?? '');
        if (scope !== undefined && !(grantlessScopes as readonly string[]).includes(scope))
          return refuse(400, 'invalid_scope', 'The requested scope is invalid, unknown, or malformed');
        const token = `Atza|${randomBytes(40).toString('base64url')}`;
        tokens.set(token, { until: clock.now() + lifeMs, scope });
        return json(200, {
          access_token: token,
          token_type: 'bearer',
          expires_in: lifeMs / 1000,
          ...(seller ? { refresh_token: credentials.refreshToken } : { scope }),
        });
      },
    }),
  };
}
