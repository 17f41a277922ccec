// How do we enter? Login with Amazon: a refresh token becomes an access token of an hour; optionally AWS signatures.
import aws4 from 'aws4';
import { ConnectionError, TransientError } from '../../core/errors.ts';
import type { CachedToken, Tools } from '../../http/tools.ts';
import type { AmazonBucket } from './limits.ts';
import { regionHosts } from './marketplaces.ts';
import type { AmazonSecrets, AmazonSettings } from './settings.ts';
import { tokenAnswer } from './wire.ts';

export const productionTokenUrl = 'https://api.amazon.com/auth/o2/token';

/** Amazon's words for what is wrong, and whose fault it is (spapi.md §4). */
const tokenFaults: Readonly<
  Record<string, { readonly message: string; readonly step: string; readonly field: string }>
> = {
  invalid_client: {
    message: 'Amazon does not accept the client id or client secret.',
    step: 'Copy both again from the application’s LWA credentials; a rotated secret replaces the old one after seven days.',
    field: 'clientSecret',
  },
  invalid_grant: {
    message: 'Amazon does not accept the refresh token.',
    step: 'Authorise the application again in Seller Central and save the new refresh token.',
    field: 'refreshToken',
  },
  unauthorized_client: {
    message: 'The application is not allowed to use this kind of authorisation.',
    step: 'Check in the developer console that the application is of type SP-API and not disabled.',
    field: 'clientId',
  },
};

/** Operations of the application itself rather than of the seller (spapi.md §4). */
export type GrantlessScope = 'sellingpartnerapi::notifications';

/** The access token, from the cache or fetched: the seller's, or the application's own for a scope. */
export function accessToken(
  settings: AmazonSettings,
  secrets: AmazonSecrets,
  tools: Tools<AmazonBucket>,
): (scope?: GrantlessScope) => Promise<string> {
  return (scope) => tools.token(tokenName(scope), () => fetchToken(settings, secrets, { tools, scope }));
}

export const tokenName = (scope: GrantlessScope | undefined): string => (scope ? `lwa:${scope}` : 'lwa');

async function fetchToken(
  settings: AmazonSettings,
  secrets: AmazonSecrets,
  { tools, scope }: { readonly tools: Tools<AmazonBucket>; readonly scope: GrantlessScope | undefined },
): Promise<CachedToken> {
  const answer = await tools.send({
    bucket: 'free',
    method: 'POST',
    url: settings.tokenUrl ?? productionTokenUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      ...(scope
        ? { grant_type: 'client_credentials', scope }
        : { grant_type: 'refresh_token', refresh_token: secrets.refreshToken }),
      client_id: secrets.clientId,
      client_secret: secrets.clientSecret,
    }).toString(),
    unrecorded: true,
    timeoutMs: 30_000,
  });
  if (answer.status >= 500 || answer.status === 429)
    throw new TransientError('TOKEN_UNAVAILABLE', `Amazon’s token service answered ${answer.status}.`);
  const body = tokenAnswer.parse(answer.json());
  if (answer.status >= 400 || body.access_token === undefined) {
    const fault = tokenFaults[body.error ?? ''];
    throw new ConnectionError(
      'TOKEN_REFUSED',
      fault?.message ?? `Amazon refused a token (${body.error ?? answer.status}).`,
      {
        field: fault?.field ?? 'refreshToken',
        nextSteps: [
          fault?.step ?? 'Check client id, client secret and refresh token.',
          'Test the connection again.',
        ],
        facts: { side: 'channel', error: body.error ?? '' },
      },
    );
  }
  return {
    value: body.access_token,
    expiresAt: new Date(tools.now().getTime() + (body.expires_in ?? 3600) * 1000),
  };
}

/** Headers of a call; AWS Signature V4 only where it is switched on. */
export function callHeaders(
  settings: AmazonSettings,
  secrets: AmazonSecrets,
  call: {
    readonly method: string;
    readonly url: string;
    readonly body?: string;
    readonly token: string;
    readonly now: Date;
  },
): Record<string, string> {
  const headers: Record<string, string> = {
    'x-amz-access-token': call.token,
    'user-agent': `${settings.applicationName}/1.0 (Language=TypeScript; Platform=Node)`,
    accept: 'application/json',
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  if (!settings.signRequests) return headers;
  if (!secrets.awsAccessKeyId || !secrets.awsSecretAccessKey)
    throw new ConnectionError(
      'AWS_KEYS_MISSING',
      'Requests are to be signed, but the AWS keys are missing.',
      {
        field: 'awsAccessKeyId',
        nextSteps: ['Enter the AWS access key and secret key, or switch signing off.'],
        facts: { side: 'channel' },
      },
    );
  const { host, pathname, search } = new URL(call.url);
  const signed = aws4.sign(
    {
      service: 'execute-api',
      region: regionHosts[settings.region].awsRegion,
      host,
      method: call.method,
      path: pathname + search,
      headers: { ...headers, 'X-Amz-Date': call.now.toISOString().replace(/[-:]|\.\d{3}/g, '') },
      ...(call.body === undefined ? {} : { body: call.body }),
    },
    { accessKeyId: secrets.awsAccessKeyId, secretAccessKey: secrets.awsSecretAccessKey },
  );
  // The signer gives the length as a number.
  return Object.fromEntries(
    Object.entries(signed.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
}
