// How does a seller let an application in? Seller Central's consent page, the code it hands over, and what Login with
// Amazon gives for the code (website authorisation workflow); beside it the page of a self-authorised application.
import { randomBytes } from 'node:crypto';
import { type Answer, type Call, json, type Route } from '../http.ts';
import { escapeHtml, formOf, page } from '../page.ts';
import type { Credentials as AccountCredentials } from './server.ts';

type Credentials = AccountCredentials & { readonly applicationId: string };

/** A code is good for five minutes and once. */
const codeLifeMs = 5 * 60_000;
const colour = '#232f3e';
const vendor = 'Seller Central';

interface Code {
  readonly redirectUri: string;
  readonly until: number;
}

export interface ConsentDesk {
  readonly routes: readonly Route[];
  /** Trades a code for tokens; the application has been recognised already. */
  redeem(body: Readonly<Record<string, unknown>>): { readonly refused: Answer } | { readonly granted: true };
}

export function consentDesk(credentials: Credentials, clock: { now(): number }): ConsentDesk {
  const codes = new Map<string, Code>();
  const refuse = (error: string, description: string) => ({
    refused: json(400, { error, error_description: description }),
  });
  return {
    routes: [
      {
        operation: 'consent.page',
        method: 'GET',
        path: '/apps/authorize/consent',
        handle: (call) => consentPage(credentials, call.query),
      },
      {
        operation: 'consent.confirm',
        method: 'POST',
        path: '/apps/authorize/consent',
        handle: (call) => confirm(credentials, codes, clock, call),
      },
      {
        operation: 'apps.manage',
        method: '*',
        path: '/apps/manage',
        handle: (call) => managePage(credentials, call.method === 'POST'),
      },
    ],
    redeem(body) {
      const text = String(body['code'] ?? '');
      const code = codes.get(text);
      // A code is spent by the first try, whatever comes of it.
      codes.delete(text);
      if (!code || code.until < clock.now())
        return refuse('invalid_grant', 'The authorization code is invalid, expired or was used already');
      if (body['redirect_uri'] !== undefined && body['redirect_uri'] !== code.redirectUri)
        return refuse(
          'invalid_grant',
          'The redirect_uri does not match the one of the authorization request',
        );
      return { granted: true };
    },
  };
}

function fault(credentials: Credentials, query: URLSearchParams): string | undefined {
  if (query.get('application_id') !== credentials.applicationId)
    return 'MD1000: There is no application with this id.';
  const redirect = query.get('redirect_uri') ?? '';
  if (!URL.canParse(redirect)) return 'MD5101: The application has no redirect URI that fits.';
  const { protocol, hostname } = new URL(redirect);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
    ? undefined
    : 'MD5101: The redirect URI must use https.';
}

function consentPage(credentials: Credentials, query: URLSearchParams): Answer {
  const wrong = fault(credentials, query);
  if (wrong)
    return page({
      vendor,
      colour,
      title: 'We cannot authorise this application',
      status: 400,
      main: `<p class="error">${escapeHtml(wrong)}</p>`,
    });
  const hidden = ['application_id', 'redirect_uri', 'state', 'version']
    .filter((name) => query.has(name))
    .map((name) => `<input type="hidden" name="${name}" value="${escapeHtml(query.get(name))}">`)
    .join('');
  return page({
    vendor,
    colour,
    title: 'Authorise Crossdock',
    main: `<p>The application <code>${escapeHtml(credentials.applicationId)}</code> asks to reach the account of seller
<code>${escapeHtml(credentials.sellerId)}</code>: Inventory and Order Tracking, Direct-to-Consumer Delivery (Restricted).</p>
<form method="post">${hidden}<label><input type="checkbox" required name="agreed" value="yes"> I direct Amazon to give this application access to my account.</label>
<p><button>Confirm</button></p></form>`,
  });
}

function confirm(
  credentials: Credentials,
  codes: Map<string, Code>,
  clock: { now(): number },
  call: Call,
): Answer {
  const form = formOf(call.body);
  if (fault(credentials, form) || form.get('agreed') !== 'yes') return consentPage(credentials, form);
  const code = `RH${randomBytes(16).toString('hex')}`;
  const redirectUri = form.get('redirect_uri')!;
  codes.set(code, { redirectUri, until: clock.now() + codeLifeMs });
  const back = new URL(redirectUri);
  if (form.has('state')) back.searchParams.set('state', form.get('state')!);
  back.searchParams.set('selling_partner_id', credentials.sellerId);
  back.searchParams.set('spapi_oauth_code', code);
  return { status: 303, headers: { location: back.href } };
}

function managePage(credentials: Credentials, authorised: boolean): Answer {
  const row = (name: string, value: string) => `<dt>${name}</dt><dd><code>${escapeHtml(value)}</code></dd>`;
  return page({
    vendor,
    colour,
    title: 'Develop apps',
    main: `<section><h2>Crossdock</h2><dl>${row('Application id', credentials.applicationId)}${row('LWA client id', credentials.clientId)}${row('LWA client secret', credentials.clientSecret)}${row('Merchant token (seller id)', credentials.sellerId)}</dl></section>
<section><h2>Self-authorisation</h2>${authorised ? `<p class="done">Authorised.</p><dl>${row('Refresh token', credentials.refreshToken)}</dl>` : '<form method="post"><button>Authorise app</button></form>'}</section>`,
  });
}
