// What does simulated Amazon answer? Tokens, sellers, orders, shipments, feeds, reports, notices, and its control interface.
import { createHmac, randomBytes } from 'node:crypto';
import { makeSimClock } from '../clock.ts';
import { type Faults, makeFaults } from '../faults.ts';
import { type Answer, type Call, json, type Route, readJson, startSimServer } from '../http.ts';
import { consentDesk } from './consent.ts';
import { apiError } from './errors.ts';
import { fileRoutes } from './files.ts';
import { financeRoutes } from './finances.ts';
import type { Json } from './generate.ts';
import { type Listings, listingsControls, listingsRoutes } from './listings.ts';
import { Money } from './money.ts';
import { type NoticeQueue, noticeQueue } from './notices.ts';
import { ordersRoutes } from './orders.ts';
import { returnControls } from './returns.ts';
import { settlementControls } from './settlements.ts';
import { signatureFault } from './signature.ts';
import { demoQueueArn, makeSubscriptions } from './subscriptions.ts';
import { type GrantlessScope, type TokenDesk, tokenDesk } from './tokens.ts';
import { Quotas } from './usage-plans.ts';
import { type AmazonOrder, AmazonWorld } from './world.ts';

export interface AmazonOptions {
  readonly port?: number;
  readonly data?: string;
  readonly seed?: string | number;
  readonly scale?: number;
  readonly origin?: number;
  readonly quotas?: 'real' | 'lifted';
  readonly ordersPerMinute?: number;
  readonly latencyMs?: number;
  /** How long an order report takes. */
  readonly reportSeconds?: number;
  /** True: every call must carry a right AWS signature, as before October 2023. */
  readonly signed?: boolean;
  /** False: nothing is subscribed to yet; notices go nowhere until a subscription is made. */
  readonly subscribed?: boolean;
  /** False: the application lacks the restricted role, addresses are left out in silence. */
  readonly personalRole?: boolean;
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly sellerId: string;
  readonly awsAccessKeyId: string;
  readonly awsSecretAccessKey: string;
  readonly awsRegion: string;
}

export interface AmazonSimulator {
  readonly url: string;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly credentials: Credentials;
  /** The application's own id, which the consent page is asked for with. */
  readonly applicationId: string;
  readonly world: AmazonWorld;
  readonly faults: Faults;
  close(): Promise<void>;
}

export interface AmazonContext {
  readonly world: AmazonWorld;
  readonly money: Money;
  readonly listings: Listings;
  readonly options: AmazonOptions;
  readonly notices: NoticeQueue;
  readonly faults: Faults;
  /** Token, signature, quota and validation around an operation; grantless ones want a token of their scope. */
  guarded(operation: string, work: (call: Call) => Answer, scope?: GrantlessScope): Route['handle'];
}

const quotaExceeded = (): Answer => ({
  ...apiError(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.'),
  refused: true,
});
const unauthorized = (): Answer =>
  apiError(
    403,
    'Unauthorized',
    'Access to requested resource is denied.',
    'The access token you provided is revoked, malformed or invalid.',
  );

export async function startAmazon(options: AmazonOptions = {}): Promise<AmazonSimulator> {
  const seed = options.seed ?? 1;
  const clock = makeSimClock({
    ...(options.scale ? { scale: options.scale } : {}),
    ...(options.origin ? { originMs: options.origin } : {}),
  });
  const world = new AmazonWorld(clock, seed, options.data);
  const faults = makeFaults(`amazon/${seed}`);
  const quotas = new Quotas(options.quotas === 'lifted');
  const secret = (name: string, length: number) =>
    createHmac('sha256', `amazon-simulator/${seed}`).update(name).digest('hex').slice(0, length);
  const credentials: Credentials = {
    clientId: `amzn1.application-oa2-client.${secret('client', 32)}`,
    clientSecret: `amzn1.oa2-cs.v1.${secret('secret', 40)}`,
    refreshToken: `Atzr|${secret('refresh', 60)}`,
    sellerId: world.shop.sellerId,
    awsAccessKeyId: `AKIA${secret('aws', 16).toUpperCase()}`,
    awsSecretAccessKey: secret('awssecret', 40),
    awsRegion: 'us-east-1',
  };
  const applicationId = `amzn1.sp.solution.${secret('application', 32)}`;
  const consent = consentDesk({ ...credentials, applicationId }, clock);
  const tokens = tokenDesk(credentials, clock, (body) => consent.redeem(body));
  const subscriptions = makeSubscriptions(
    {
      read: (name) =>
        world.one('SELECT value FROM state WHERE name = ?', name)?.['value'] as string | undefined,
      write: (name, value) =>
        world.run('INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)', name, value),
    },
    options.subscribed ?? true,
  );
  const notices = noticeQueue(clock, faults, (change) => subscriptions.wants('ORDER_CHANGE', change));
  world.changed = (order) => notices.orderChanged(order);

  const money = new Money(world, seed);
  const context: AmazonContext = {
    world,
    money,
    listings: world.listings,
    options,
    notices,
    faults,
    guarded: (operation, work, scope) => (call) => {
      if (!tokens.opens(String(call.headers['x-amz-access-token'] ?? ''), scope)) return unauthorized();
      if (options.signed || /^AWS4/.test(String(call.headers['authorization'] ?? ''))) {
        const fault = signatureFault(call, credentials, clock.now());
        if (fault) return apiError(403, 'InvalidSignature', fault);
      }
      if (!quotas.take(operation, clock.now())) return quotaExceeded();
      world.settle();
      let answer: Answer;
      try {
        answer = work(call);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        answer = apiError(400, 'InvalidInput', 'The request body is not valid JSON.');
      }
      const rate = quotas.rateOf(operation);
      return rate === undefined
        ? answer
        : { ...answer, headers: { ...answer.headers, 'x-amzn-ratelimit-limit': String(rate) } };
    },
  };
  const server = await startSimServer({
    ...(options.port === undefined ? {} : { port: options.port }),
    clock,
    faults,
    latencyMs: options.latencyMs ?? 0,
    routes: [
      tokens.route(),
      ...consent.routes,
      sellersRoute(context),
      ...ordersRoutes(context),
      ...fileRoutes(context),
      ...financeRoutes(context),
      ...listingsRoutes(context),
      ...listingsControls(context),
      ...settlementControls(money),
      ...returnControls(money),
      ...notices.routes(),
      ...subscriptions.routes(context),
      ...controlRoutes(context, tokens),
    ],
    vendorAnswers: (fault) =>
      fault === '429'
        ? quotaExceeded()
        : fault === 'expired-token'
          ? unauthorized()
          : apiError(500, 'InternalFailure', 'We encountered an internal error. Please try again.'),
    unknownRoute: () => apiError(404, 'NotFound', 'The specified resource does not exist.'),
    stamp: () => ({ 'x-amzn-requestid': randomBytes(12).toString('hex') }),
  });
  const timer = setInterval(makeTick(world, options.ordersPerMinute ?? 0, clock.toRealMs(60_000)), tickMs);
  return {
    url: server.url,
    queueUrl: `${server.url}/queues/orders`,
    queueArn: demoQueueArn,
    credentials,
    applicationId,
    world,
    faults,
    async close() {
      clearInterval(timer);
      await server.close();
      world.close();
    },
  };
}

/** Lets time pass: what is due happens, and new orders arrive at the shop's rate. */
function makeTick(world: AmazonWorld, ordersPerMinute: number, realMinuteMs: number): () => void {
  let owed = 0;
  return () => {
    world.settle();
    owed += (ordersPerMinute * tickMs) / realMinuteMs;
    for (; owed >= 1; owed--) world.arrive();
  };
}
const tickMs = 250;

function sellersRoute({ world, guarded }: AmazonContext): Route {
  const payload = world.shop.marketplaces.map((market) => ({
    marketplace: {
      id: market.id,
      name: market.name,
      countryCode: market.country,
      defaultCurrencyCode: market.currency,
      defaultLanguageCode: market.country === 'US' ? 'en_US' : 'en_GB',
      domainName: `www.${market.name.toLowerCase()}`,
    },
    participation: { isParticipating: true, hasSuspendedListings: false },
    storeName: 'Crossdock Demo Shop',
  }));
  return {
    operation: 'sellers.getMarketplaceParticipations',
    method: 'GET',
    path: '/sellers/v1/marketplaceParticipations',
    handle: guarded('getMarketplaceParticipations', () => json(200, { payload })),
  };
}

function controlRoutes({ world, notices }: AmazonContext, tokens: TokenDesk): Route[] {
  const control = (method: string, path: string, handle: (call: Call) => unknown): Route => ({
    operation: `_sim${path}`,
    method,
    path: `/_sim${path}`,
    handle: (call) => {
      world.settle();
      const result = handle(call);
      return result === undefined ? json(404, { error: 'There is no such order.' }) : json(200, result);
    },
  });
  const withOrder = (call: Call, work: (order: AmazonOrder) => unknown) => {
    const order = world.order(String(call.params['id']));
    return order && (work(order) ?? { orderId: order.orderId });
  };
  return [
    control('GET', '/orders', (call) => {
      const limit = Math.min(5000, Number(call.query.get('limit') ?? 1000));
      const rows = world.all(
        'SELECT id, kind, json FROM orders WHERE id > ? ORDER BY id LIMIT ?',
        call.query.get('after') ?? '',
        limit,
      );
      return {
        items: rows.map((row) => ({ kind: row['kind'], ...(JSON.parse(String(row['json'])) as Json) })),
        next: rows.length === limit ? rows.at(-1)!['id'] : null,
      };
    }),
    control('GET', '/orders/:id', (call) => world.order(String(call.params['id']))),
    control('POST', '/orders', (call) => {
      const order = readJson<AmazonOrder>(call);
      world.save(order);
      return { orderId: order.orderId };
    }),
    control('POST', '/generate', (call) => {
      world.generate(readJson<Parameters<AmazonWorld['generate']>[0]>(call));
      return { orders: Number(world.one('SELECT count(*) AS n FROM orders')!['n']) };
    }),
    control('POST', '/orders/:id/cancel', (call) =>
      withOrder(call, (order) => ({ cancelled: world.cancel(order, 'BUYER') })),
    ),
    control('POST', '/orders/:id/request-cancel', (call) =>
      withOrder(call, (order) => world.requestCancellation(order)),
    ),
    control('POST', '/orders/:id/change', (call) =>
      withOrder(call, (order) => {
        Object.assign(order, readJson<Json>(call));
        world.touch(order);
      }),
    ),
    control('POST', '/tokens/revoke', () => {
      tokens.revokeAll();
      return {};
    }),
    control('POST', '/notify', (call) => {
      const order = world.order(readJson<{ orderId: string }>(call).orderId);
      if (order) notices.orderChanged(order);
      return order && { orderId: order.orderId };
    }),
    control('GET', '/confirmations', (call) => ({
      items: world.all(
        'SELECT seq, at, id, reference, content, json FROM confirmations WHERE seq > ? ORDER BY seq LIMIT 5000',
        Number(call.query.get('after') ?? 0),
      ),
    })),
  ];
}
