// How does a seller let us in by Seller Central's own page? The address of the consent page, and the refresh token that
// Login with Amazon gives for the code it sends back (website authorisation workflow; spapi.md §4).
import { z } from 'zod';
import { ConnectionError, TransientError } from '../../core/errors.ts';
import type { Tools } from '../../http/tools.ts';
import type { Authorisation } from '../channel.ts';
import { productionTokenUrl } from './auth.ts';
import type { AmazonBucket } from './limits.ts';
import { marketplaceById } from './marketplaces.ts';

/** Where sellers sign in, by country; Europe's five oldest share one (spapi.md §4). */
const sellerCentral: Readonly<Record<string, string>> = {
  US: 'https://sellercentral.amazon.com',
  CA: 'https://sellercentral.amazon.ca',
  MX: 'https://sellercentral.amazon.com.mx',
  BR: 'https://sellercentral.amazon.com.br',
  GB: 'https://sellercentral-europe.amazon.com',
  DE: 'https://sellercentral-europe.amazon.com',
  FR: 'https://sellercentral-europe.amazon.com',
  IT: 'https://sellercentral-europe.amazon.com',
  ES: 'https://sellercentral-europe.amazon.com',
  NL: 'https://sellercentral.amazon.nl',
  SE: 'https://sellercentral.amazon.se',
  PL: 'https://sellercentral.amazon.pl',
  IE: 'https://sellercentral.amazon.ie',
  BE: 'https://sellercentral.amazon.com.be',
  ZA: 'https://sellercentral.amazon.co.za',
  TR: 'https://sellercentral.amazon.com.tr',
  AE: 'https://sellercentral.amazon.ae',
  SA: 'https://sellercentral.amazon.sa',
  EG: 'https://sellercentral.amazon.eg',
  IN: 'https://sellercentral.amazon.in',
  AU: 'https://sellercentral.amazon.com.au',
  SG: 'https://sellercentral.amazon.sg',
  JP: 'https://sellercentral.amazon.co.jp',
};

const tokens = z.object({ refresh_token: z.string().optional(), error: z.string().optional() });

export const amazonAuthorisation: Authorisation = {
  consentUrl(draft, { state, redirectUri }) {
    if (!draft['applicationId'])
      throw new ConnectionError('APPLICATION_ID_MISSING', 'The application’s id is not known yet.', {
        field: 'applicationId',
        nextSteps: ['Enter the application id (amzn1.sp.solution.…) from Seller Central → Develop apps.'],
      });
    const [first] = (draft['marketplaceIds'] as readonly string[] | undefined) ?? [];
    const country = marketplaceById(first)?.country ?? 'US';
    const url = new URL(
      '/apps/authorize/consent',
      (draft['sellerCentralUrl'] as string | undefined) ?? sellerCentral[country] ?? sellerCentral['US'],
    );
    url.searchParams.set('application_id', String(draft['applicationId']));
    url.searchParams.set('state', state);
    url.searchParams.set('redirect_uri', redirectUri);
    if (draft['applicationDraft'] === true) url.searchParams.set('version', 'beta');
    return url.href;
  },
  async redeem(draft, secrets, { code, redirectUri }, tools) {
    const answer = await (tools as Tools<AmazonBucket>).send({
      bucket: 'free',
      method: 'POST',
      url: (draft['tokenUrl'] as string | undefined) ?? productionTokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        client_id: String(secrets['clientId'] ?? ''),
        client_secret: String(secrets['clientSecret'] ?? ''),
      }).toString(),
      unrecorded: true,
      timeoutMs: 30_000,
    });
    if (answer.status >= 500 || answer.status === 429)
      throw new TransientError('TOKEN_UNAVAILABLE', `Amazon’s token service answered ${answer.status}.`);
    const body = tokens.parse(answer.json());
    if (answer.status < 400 && body.refresh_token) return { refreshToken: body.refresh_token };
    if (body.error === 'invalid_client')
      throw new ConnectionError('TOKEN_REFUSED', 'Amazon does not accept the client id or client secret.', {
        field: 'clientSecret',
        nextSteps: ['Copy both again from the application’s LWA credentials, then authorise once more.'],
      });
    throw new ConnectionError(
      'AUTHORISATION_SPENT',
      'Amazon does not accept the authorisation code: it is good for five minutes and once.',
      { field: 'authorisation', nextSteps: ['Start the authorisation again.'] },
    );
  },
};
